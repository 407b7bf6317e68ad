package dev.muster.agent;

/// Growth of a counter over the last seconds. Fed once a second by one thread, read by any.
final class RateMeter {
    private static final int SECONDS = 10;

    private final long[] values = new long[SECONDS + 1];
    private int count;
    private volatile double perSecond;

    void tick(long value) {
        values[count % values.length] = value;
        count++;
        int steps = Math.min(count - 1, SECONDS);
        if (steps > 0) {
            long before = values[(count - 1 - steps) % values.length];
            perSecond = (value - before) / (double) steps;
        }
    }

    double perSecond() {
        return perSecond;
    }
}
