/// Blocks of Parquet in object storage.
@NullMarked
package dev.muster.blocks;

import org.jspecify.annotations.NullMarked;
