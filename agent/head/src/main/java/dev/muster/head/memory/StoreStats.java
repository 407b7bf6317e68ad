package dev.muster.head.memory;

import dev.muster.model.series.AppendResult;
import java.util.Map;

/// What the store holds and has counted, with the meanings of `HeadStats`.
public record StoreStats(
        int series,
        int origins,
        long samplesAppended,
        long commits,
        long commitFailures,
        Map<AppendResult, Long> refused,
        long seriesOverLimit,
        long seriesCollected,
        long openBytes,
        long indexBytes,
        long walBytes,
        int walSegments,
        long chunkBytes,
        int windows,
        long oldestMs,
        long newestMs,
        long chunksDamaged,
        long checkpoints,
        long checkpointFailures,
        long droppedWindows,
        ExemplarCounts exemplars,
        int seriesIdle,
        int seriesRetired) {
    public StoreStats {
        refused = Map.copyOf(refused);
    }
}
