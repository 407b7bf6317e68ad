package dev.muster.model.time;

/// The evaluation times of a range query: `startMs`, `startMs + stepMs`, … up to and including
/// `endMs`. An instant query is one step.
///
/// @param startMs first step, Unix time in milliseconds
/// @param endMs no step lies after it; not before `startMs`
/// @param stepMs distance of two steps in milliseconds; at least 1
public record Steps(long startMs, long endMs, long stepMs) {
    public Steps {
        if (stepMs < 1) {
            throw new IllegalArgumentException("step must be at least 1 ms: stepMs=" + stepMs);
        }
        if (startMs > endMs) {
            throw new IllegalArgumentException(
                    "end must not be before start: startMs=" + startMs + ", endMs=" + endMs);
        }
    }

    /// The single step of an instant query.
    public static Steps instant(long timestampMs) {
        return new Steps(timestampMs, timestampMs, 1);
    }

    /// How many steps there are; at least 1.
    public int count() {
        return Math.toIntExact((endMs - startMs) / stepMs + 1);
    }

    /// The time of step `index`, `0 <= index < count()`.
    public long at(int index) {
        return startMs + index * stepMs;
    }
}
