package dev.muster.head;

import dev.muster.model.series.AppendResult;
import dev.muster.model.time.TimeRange;
import java.util.List;
import java.util.Map;

/// What a [Head] holds and what happened to it since it was opened. Counters start at 0 at open.
///
/// @param series series in memory now
/// @param origins origins held now
/// @param samplesAppended samples committed, replayed ones not among them
/// @param commits commits that succeeded
/// @param commitFailures commits that failed with an IOException
/// @param refused samples refused, by reason; every reason but `APPENDED` is there
/// @param seriesOverLimit times that a new series was refused by the series limit
/// @param seriesCollected series taken out of memory: idle ones, and those whose last samples were
///   released
/// @param memory what this costs in memory
/// @param walBytes size of the log
/// @param walSegments files of the log
/// @param chunkBytes size of the chunk files
/// @param windows windows that hold samples
/// @param oldestMs oldest sample held, Unix time; `Long.MAX_VALUE` when empty
/// @param newestMs newest sample held, Unix time; `Long.MIN_VALUE` when empty
/// @param replayedCommits commits read back from the log at open
/// @param replayedSamples samples in them
/// @param replayMs time that open took
/// @param walTornBytes bytes cut from the end of the log at open: a commit that was never
///   acknowledged
/// @param walDamagedBytes bytes of the log that could not be read at open
/// @param walLostCommits commits in them, as the sequence numbers tell
/// @param chunksDamaged chunks that could not be read since open
/// @param checkpoints checkpoints written
/// @param checkpointFailures checkpoints, seals and syncs that failed and are tried again
/// @param droppedWindows windows dropped unreleased because the disk limit was passed, oldest
///   first; the last 100 of them
/// @param droppedWindowsTotal how many were dropped
/// @param exemplars what became of exemplars
/// @param activity series by what they cost in memory
public record HeadStats(
        int series,
        int origins,
        long samplesAppended,
        long commits,
        long commitFailures,
        Map<AppendResult, Long> refused,
        long seriesOverLimit,
        long seriesCollected,
        HeadMemory memory,
        long walBytes,
        int walSegments,
        long chunkBytes,
        int windows,
        long oldestMs,
        long newestMs,
        long replayedCommits,
        long replayedSamples,
        long replayMs,
        long walTornBytes,
        long walDamagedBytes,
        long walLostCommits,
        long chunksDamaged,
        long checkpoints,
        long checkpointFailures,
        List<TimeRange> droppedWindows,
        long droppedWindowsTotal,
        ExemplarStats exemplars,
        SeriesActivity activity) {
    public HeadStats {
        refused = Map.copyOf(refused);
        droppedWindows = List.copyOf(droppedWindows);
    }

    /// Memory that samples not yet sealed take.
    public long openBytes() {
        return memory.openBytes();
    }
}
