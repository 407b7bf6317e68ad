/// Makes few large blocks of many small ones.
@NullMarked
package dev.muster.blocks.compact;

import org.jspecify.annotations.NullMarked;
