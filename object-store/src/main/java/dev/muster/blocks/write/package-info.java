/// From a SeriesSource to the files of a block, and from there to a bucket.
@NullMarked
package dev.muster.blocks.write;

import org.jspecify.annotations.NullMarked;
