package dev.muster.model.series;

/// When a query looks at its series: at evenly spaced times, each time for the newest sample until
/// then. Numbers that are not the newest at any of them may be left out of an answer; the last one
/// of each file or part stays, as a later look may be for it. Histograms all stay: each says
/// something of the one before.
///
/// @param firstMs first look, Unix time in milliseconds
/// @param stepMs distance of two looks; at least 1
/// @param count how many there are; at least 1
public record Looks(long firstMs, long stepMs, int count) {
    public Looks {
        if (stepMs < 1 || count < 1) {
            throw new IllegalArgumentException(
                    "looks must be some: stepMs=" + stepMs + ", count=" + count);
        }
    }

    /// The first look at or after a time; `count` if there is none.
    public int firstFrom(long timeMs) {
        return timeMs <= firstMs
                ? 0
                : (int) Math.min(count, Math.ceilDiv(timeMs - firstMs, stepMs));
    }

    public long at(int look) {
        return firstMs + look * stepMs;
    }
}
