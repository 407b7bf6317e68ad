package dev.muster.blocks.manifest;

import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.schema.AgentSpan;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.MetricPlaces;
import java.util.List;

/// A merged block that is to be read.
///
/// @param id which block it is
/// @param series its file of series
/// @param samples its file of samples
/// @param agents the time of agents that it holds
/// @param metrics where the samples of its metrics lie, if that is known
public record MergedBlock(
        BlockId id,
        ObjectInfo series,
        ObjectInfo samples,
        List<AgentSpan> agents,
        MetricPlaces metrics) {
    public MergedBlock {
        if (!id.isMerged()) {
            throw new IllegalArgumentException(
                    "manifest: block must be merged: found=" + id.seriesKey());
        }
        agents = List.copyOf(agents);
    }
}
