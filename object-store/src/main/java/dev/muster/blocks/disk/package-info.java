/// What was fetched, kept on a local disk.
@NullMarked
package dev.muster.blocks.disk;

import org.jspecify.annotations.NullMarked;
