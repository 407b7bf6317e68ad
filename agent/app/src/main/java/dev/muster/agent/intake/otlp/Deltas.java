package dev.muster.agent.intake.otlp;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Sums up deltas, so that what is stored counts since a start, as everything else does. Bounded:
/// the series that has rested longest makes room, and starts anew when it comes again. Thread-safe.
final class Deltas {
    private final int limit;
    private final LongAdder forgotten = new LongAdder();
    private final LinkedHashMap<Labels, Total> totals;

    /// What a series has come to.
    static final class Total {
        private long startMs;
        private long lastMs;
        private double[] values = new double[0];
        private @Nullable NativeHistogram histogram;

        long startMs() {
            return startMs;
        }

        /// The sums. Not to be written to.
        double[] values() {
            return values;
        }

        @Nullable NativeHistogram histogram() {
            return histogram;
        }
    }

    Deltas(int limit) {
        this.limit = limit;
        totals =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Labels, Total> eldest) {
                        boolean full = size() > Deltas.this.limit;
                        if (full) {
                            forgotten.increment();
                        }
                        return full;
                    }
                };
    }

    /// Adds some numbers of a series. Others in number than before, such as those of other buckets,
    /// start anew.
    ///
    /// @return the sums, which stay this one's until the next call for the series; null if the
    ///   delta is not newer than the last
    synchronized @Nullable Total add(Labels series, long startMs, long timeMs, double... deltas) {
        Total total = at(series, startMs, timeMs);
        if (total == null) {
            return null;
        }
        double[] sums = new double[deltas.length];
        boolean goesOn = total.values.length == deltas.length;
        if (!goesOn) {
            total.startMs = startMs;
        }
        for (int i = 0; i < deltas.length; i++) {
            sums[i] = deltas[i] + (goesOn ? total.values[i] : 0);
        }
        total.values = sums;
        return total;
    }

    /// Adds a histogram of a series.
    synchronized @Nullable Total add(
            Labels series, long startMs, long timeMs, NativeHistogram delta) {
        Total total = at(series, startMs, timeMs);
        if (total == null) {
            return null;
        }
        NativeHistogram before = total.histogram;
        boolean goesOn = before != null && HistogramSum.adds(before, delta);
        if (!goesOn) {
            total.startMs = startMs;
        }
        total.histogram = goesOn && before != null ? HistogramSum.of(before, delta) : delta;
        return total;
    }

    private @Nullable Total at(Labels series, long startMs, long timeMs) {
        Total total = totals.get(series);
        if (total == null) {
            total = new Total();
            total.startMs = startMs;
            totals.put(series, total);
        } else if (timeMs <= total.lastMs) {
            return null;
        }
        total.lastMs = timeMs;
        return total;
    }

    synchronized int size() {
        return totals.size();
    }

    /// Series that made room for others.
    long forgotten() {
        return forgotten.sum();
    }
}
