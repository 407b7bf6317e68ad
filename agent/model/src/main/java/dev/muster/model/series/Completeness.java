package dev.muster.model.series;

import dev.muster.model.time.TimeRange;

/// How much of what should have answered did: the time that each block and each agent was to answer
/// for, summed over all of them, and the part of it that is missing. Two hours of one agent and two
/// hours of another are four hours.
///
/// @param expectedMs what should have answered; not negative
/// @param missingMs what did not; 0 to `expectedMs`
public record Completeness(long expectedMs, long missingMs) {
    /// Nothing was expected, nothing is missing.
    public static final Completeness NONE = new Completeness(0, 0);

    public Completeness {
        if (expectedMs < 0 || missingMs < 0 || missingMs > expectedMs) {
            throw new IllegalArgumentException(
                    "completeness: missing must be within 0 and what is expected: expectedMs="
                            + expectedMs
                            + ", missingMs="
                            + missingMs);
        }
    }

    /// A block or agent that is there for a range.
    public static Completeness present(TimeRange range) {
        return new Completeness(bounded(range), 0);
    }

    /// A block or agent that is missing for a range.
    public static Completeness missing(TimeRange range) {
        long ms = bounded(range);
        return new Completeness(ms, ms);
    }

    /// A range without an end counts as a hundred years, so that sums do not overflow.
    private static long bounded(TimeRange range) {
        long most = 100L * 365 * 86_400_000;
        long startMs = Math.max(range.startMs(), -most);
        return Math.clamp(Math.min(range.endMs(), most) - startMs, 0, most);
    }

    public Completeness plus(Completeness other) {
        return new Completeness(expectedMs + other.expectedMs, missingMs + other.missingMs);
    }

    /// Whether nothing is missing.
    public boolean whole() {
        return missingMs == 0;
    }

    /// The share that is there, 0 to 1.
    public double ratio() {
        return expectedMs == 0 ? 1 : 1 - (double) missingMs / expectedMs;
    }
}
