package dev.muster.model.time;

/// A span of time, half open: the unit in which storage is asked and blocks are pruned.
///
/// @param startMs first millisecond covered, Unix time
/// @param endMs first millisecond not covered; greater than `startMs`
public record TimeRange(long startMs, long endMs) implements Comparable<TimeRange> {
    public TimeRange {
        if (startMs >= endMs) {
            throw new IllegalArgumentException(
                    "time range must not be empty: startMs=" + startMs + ", endMs=" + endMs);
        }
    }

    /// The range that covers both ends, as PromQL counts them.
    public static TimeRange closed(long firstMs, long lastMs) {
        return new TimeRange(firstMs, Math.addExact(lastMs, 1));
    }

    /// The aligned window of length `lengthMs` that holds `timestampMs`.
    public static TimeRange windowOf(long timestampMs, long lengthMs) {
        long startMs = Math.floorDiv(timestampMs, lengthMs) * lengthMs;
        return new TimeRange(startMs, startMs + lengthMs);
    }

    public boolean contains(long timestampMs) {
        return startMs <= timestampMs && timestampMs < endMs;
    }

    public boolean overlaps(TimeRange other) {
        return startMs < other.endMs && other.startMs < endMs;
    }

    public long lengthMs() {
        return endMs - startMs;
    }

    /// By start, then by end.
    @Override
    public int compareTo(TimeRange other) {
        int byStart = Long.compare(startMs, other.startMs);
        return byStart != 0 ? byStart : Long.compare(endMs, other.endMs);
    }
}
