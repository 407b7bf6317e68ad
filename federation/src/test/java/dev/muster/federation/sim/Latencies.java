package dev.muster.federation.sim;

import java.util.Arrays;

/// Times in milliseconds, and what share of them is below what. Confined to one thread.
final class Latencies {
    private long[] times = new long[64];
    private int count;
    private boolean sorted = true;

    void add(long ms) {
        if (count == times.length) {
            times = Arrays.copyOf(times, Math.multiplyExact(count, 2));
        }
        times[count++] = ms;
        sorted = false;
    }

    void addAll(Latencies others) {
        for (int i = 0; i < others.count; i++) {
            add(others.times[i]);
        }
    }

    int count() {
        return count;
    }

    /// The smallest time that the given share of all does not exceed; 0 if there are none.
    long at(double share) {
        if (count == 0) {
            return 0;
        }
        if (!sorted) {
            Arrays.sort(times, 0, count);
            sorted = true;
        }
        return times[Math.clamp((long) Math.ceil(share * count) - 1, 0, count - 1)];
    }

    long max() {
        return at(1);
    }
}
