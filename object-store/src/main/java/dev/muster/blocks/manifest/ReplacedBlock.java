package dev.muster.blocks.manifest;

import dev.muster.blocks.schema.BlockId;

/// A block whose samples another has now. Its files stay for a while, for readers that do not know
/// that yet.
///
/// @param id which block it is
/// @param seriesEtag of its file of series when it was merged: another of that name is another
///   block
/// @param samplesEtag of its file of samples
/// @param sinceMs when the other took its place, Unix time
public record ReplacedBlock(BlockId id, String seriesEtag, String samplesEtag, long sinceMs) {}
