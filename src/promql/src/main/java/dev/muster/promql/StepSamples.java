package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.time.Steps;
import dev.muster.promql.histogram.Histograms;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// How many samples each step of a query looks at, counted as Prometheus does: a selector one for
/// each series, a window all that are in it, and what is the same at all steps at each of them.
/// What is computed inside of a subquery is not counted, but its windows are. Thread-safe.
public final class StepSamples {
    /// A histogram counts as so many numbers as it takes bytes for.
    private static final int BYTES_PER_NUMBER = 16;

    private final Steps steps;
    private final AtomicLongArray queryable;
    private final AtomicLongArray read;

    StepSamples(Steps steps) {
        this.steps = steps;
        queryable = new AtomicLongArray(steps.count());
        read = new AtomicLongArray(steps.count());
    }

    /// The steps of the query.
    public Steps steps() {
        return steps;
    }

    /// Samples that a step looks at.
    public long queryable(int step) {
        return queryable.get(step);
    }

    /// Samples that no step before has looked at in the same window.
    public long read(int step) {
        return read.get(step);
    }

    /// Samples that all steps look at, each as often as it is looked at.
    public long queryable() {
        return sum(queryable);
    }

    /// Samples that were read for all steps.
    public long read() {
        return sum(read);
    }

    private static long sum(AtomicLongArray counts) {
        long sum = 0;
        for (int i = 0; i < counts.length(); i++) {
            sum += counts.get(i);
        }
        return sum;
    }

    /// A series of a selector.
    void instant(StepColumn column) {
        for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
            long weight = weight(column.histogram(step));
            queryable.addAndGet(step, weight);
            read.addAndGet(step, weight);
        }
    }

    /// A series that windows move over.
    ///
    /// @param samples without staleness markers
    /// @param times ends of the windows
    void windows(SampleColumns samples, StepTimes times, long rangeMs) {
        long[] sampleTimes = samples.timestampsMs();
        int from = 0;
        int to = 0;
        long inside = 0;
        for (int step = 0; step < steps.count(); step++) {
            long endMs = times.at(step);
            long added = 0;
            while (to < samples.size() && sampleTimes[to] <= endMs) {
                added += weight(samples.histogram(to++));
            }
            inside += added;
            while (from < to && sampleTimes[from] <= endMs - rangeMs) {
                long gone = weight(samples.histogram(from++));
                inside -= gone;
                // what lies between two windows is seen by none
                added = Math.min(added, inside);
            }
            if (inside > 0) {
                queryable.addAndGet(step, inside);
                read.addAndGet(step, added);
            }
        }
    }

    /// What was counted at one step is looked at from all, and read for the first.
    void repeat(StepSamples once) {
        long all = once.queryable();
        for (int step = 0; step < steps.count(); step++) {
            queryable.addAndGet(step, all);
        }
        read.addAndGet(0, once.read());
    }

    private static long weight(@Nullable NativeHistogram histogram) {
        return histogram == null
                ? 1
                : (Histograms.sizeBytes(histogram) + BYTES_PER_NUMBER / 2) / BYTES_PER_NUMBER;
    }
}
