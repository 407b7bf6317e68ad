package dev.muster.promql;

import dev.muster.model.sample.SampleColumns;

/// `min_over_time`, `max_over_time` and the times of these values, in constant time a sample
/// however long the window is.
final class SlidingExtreme implements RangeFunction {
    /*
     * A monotonic queue: indexes of samples that are, or may yet become, the extreme of a window.
     * They ascend, and no sample is better than one before it. A sample that is worse than a later
     * one will never be the extreme again and has left the queue. NaN is worse than every number.
     * Among equals the first counts for values and the last for times, as in Prometheus.
     */
    private final boolean max;
    private final boolean time;
    private int[] queue = new int[128];
    private int head;
    private int tail;

    /// First sample that has not been in any window.
    private int next;

    SlidingExtreme(boolean max, boolean time) {
        this.max = max;
        this.time = time;
    }

    @Override
    public boolean ignoresHistograms() {
        return true;
    }

    @Override
    public void begin(SampleColumns samples) {
        if (queue.length < samples.size()) {
            queue = new int[Math.max(samples.size(), 2 * queue.length)];
        }
        head = 0;
        tail = 0;
        next = 0;
    }

    @Override
    public double over(Window window) {
        double[] values = window.values();
        next = Math.max(next, window.from());
        while (next < window.to()) {
            while (tail > head && replaces(values[next], values[queue[tail - 1]])) {
                tail--;
            }
            queue[tail++] = next++;
        }
        while (queue[head] < window.from()) {
            head++;
        }
        int best = queue[head];
        return time ? window.times()[best] / 1000.0 : values[best];
    }

    private boolean replaces(double value, double known) {
        if (Double.isNaN(known)) {
            return time || !Double.isNaN(value);
        }
        return (max ? value > known : value < known) || (time && value == known);
    }
}
