/// From the blocks of a bucket to a SeriesSource.
@NullMarked
package dev.muster.blocks.read;

import org.jspecify.annotations.NullMarked;
