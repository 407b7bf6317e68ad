/// What was deleted: hidden at once, removed from blocks when they are merged.
@NullMarked
package dev.muster.blocks.tombstone;

import org.jspecify.annotations.NullMarked;
