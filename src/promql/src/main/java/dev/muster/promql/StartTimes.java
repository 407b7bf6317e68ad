package dev.muster.promql;

import dev.muster.model.sample.SampleColumns;

/// What the start times of samples tell of resets. A start time of 0 is not known.
final class StartTimes {
    private StartTimes() {}

    /// Has the series begun anew between sample `index` and the one before it?
    ///
    /// A sample that starts where the one before it is begins anew only if that one had begun
    /// before its own time: the first of a series whose start is not known carries its own time as
    /// start.
    static boolean isReset(SampleColumns samples, int index) {
        if (!samples.hasStarts()) {
            return false;
        }
        long startMs = known(samples, index);
        if (startMs == 0) {
            return false;
        }
        long beforeMs = samples.timestampsMs()[index - 1];
        if (startMs != beforeMs) {
            return startMs > beforeMs;
        }
        long startBeforeMs = samples.startMs(index - 1);
        return startBeforeMs != 0 && startBeforeMs < beforeMs;
    }

    /// Does sample `index` start before the one before it, and not with it?
    static boolean overlaps(SampleColumns samples, int index) {
        long startMs = samples.startMs(index);
        return startMs != 0
                && startMs < samples.timestampsMs()[index - 1]
                && startMs != samples.startMs(index - 1);
    }

    /// The start time of a sample; 0 where it is not before the sample itself.
    static long known(SampleColumns samples, int index) {
        long startMs = samples.startMs(index);
        return startMs < samples.timestampsMs()[index] ? startMs : 0;
    }
}
