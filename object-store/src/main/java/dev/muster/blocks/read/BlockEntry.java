package dev.muster.blocks.read;

import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.schema.BlockId;

/// A block that is visible in the bucket.
///
/// @param id which block it is
/// @param series its file of series
/// @param samples its file of samples
public record BlockEntry(BlockId id, ObjectInfo series, ObjectInfo samples) {}
