package dev.muster.query.rules.live;

import dev.muster.model.labels.Xxh3;
import java.nio.charset.StandardCharsets;

/// When a group is evaluated, as a pure function of the clock: at multiples of its interval, moved
/// by an offset that is constant for the group and spreads groups over the interval. Offsets are
/// whole seconds, the times at which agents scrape.
///
/// @param intervalMs from one evaluation to the next
/// @param offsetMs of evaluations to multiples of the interval
record GroupTimes(long intervalMs, long offsetMs) {
    private static final long SECOND_MS = 1_000;

    GroupTimes {
        if (intervalMs <= 0 || offsetMs < 0 || offsetMs >= intervalMs) {
            throw new IllegalArgumentException(
                    "offset must be within the interval: intervalMs="
                            + intervalMs
                            + ", offsetMs="
                            + offsetMs);
        }
    }

    /// @param key of the group
    static GroupTimes of(String key, long intervalMs) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        long hash = Xxh3.hash(bytes, bytes.length) >>> 1;
        return new GroupTimes(intervalMs, hash % intervalMs / SECOND_MS * SECOND_MS);
    }

    /// The last evaluation that is due at a time.
    long at(long nowMs) {
        return Math.floorDiv(nowMs - offsetMs, intervalMs) * intervalMs + offsetMs;
    }

    long next(long timeMs) {
        return timeMs + intervalMs;
    }

    /// How many evaluations after that of `timeMs` are lost, as the one after the next is due
    /// already.
    long missed(long timeMs, long nowMs) {
        return Math.max(0, Math.floorDiv(nowMs - timeMs, intervalMs) - 1);
    }
}
