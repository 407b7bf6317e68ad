/// Samples of one origin, compressed: open in memory, sealed in chunk files.
@NullMarked
package dev.muster.head.chunk;

import org.jspecify.annotations.NullMarked;
