package dev.muster.promql.histogram;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.promql.numeric.KahanSum;
import dev.muster.promql.part.PartHistogram;
import java.util.Arrays;

/// A sum of histograms of any resolution, with compensated counts. The coarsest resolution wins;
/// different custom bounds become those that both have. Reused; confined to one thread.
///
/// Resets are left to the caller, but for what the operands say of themselves: a sum of histograms
/// that have started anew and others that have not is neither.
public final class HistogramSum implements HistogramFold {
    private int schema;
    private CounterReset counterReset = CounterReset.UNKNOWN;
    private double zeroThreshold;
    private double[] bounds = {};
    private final KahanSum zeroCount = new KahanSum();
    private final KahanSum count = new KahanSum();
    private final KahanSum sum = new KahanSum();
    private final BucketSums positive = new BucketSums();
    private final BucketSums negative = new BucketSums();
    private boolean sawReset;
    private boolean sawNoReset;
    private boolean reconciledBounds;

    /// A sum that starts with one histogram.
    public static HistogramSum of(NativeHistogram first) {
        HistogramSum sum = new HistogramSum();
        sum.reset(first);
        return sum;
    }

    @Override
    public void reset(NativeHistogram first) {
        schema = first.schema();
        counterReset = first.counterReset();
        zeroThreshold = first.zeroThreshold();
        bounds = first.customBounds();
        zeroCount.reset(first.zeroCount());
        count.reset(first.count());
        sum.reset(first.sum());
        positive.clear();
        positive.add(first.positive(), 1, BucketSums.Placing.SAME);
        negative.clear();
        negative.add(first.negative(), 1, BucketSums.Placing.SAME);
        sawReset = counterReset == CounterReset.RESET;
        sawNoReset = counterReset == CounterReset.NOT_RESET;
        reconciledBounds = false;
    }

    /// Starts with nothing of the same kind of buckets as a histogram.
    public void resetToNothingLike(NativeHistogram histogram) {
        reset(histogram);
        counterReset = CounterReset.UNKNOWN;
        zeroThreshold = 0;
        zeroCount.reset(0);
        count.reset(0);
        sum.reset(0);
        positive.clear();
        negative.clear();
    }

    @Override
    public boolean takes(NativeHistogram other) {
        return (schema == NativeHistogram.CUSTOM_SCHEMA) == other.hasCustomBounds();
    }

    @Override
    public void add(NativeHistogram other) {
        add(other, 1);
    }

    /// Adds a histogram that [#takes(NativeHistogram)] accepts.
    ///
    /// @param factor the counts are multiplied with it; -1 to subtract
    public void add(NativeHistogram other, double factor) {
        if (!takes(other)) {
            throw new IllegalArgumentException(
                    "histograms must have the same kind of buckets to be added: schema="
                            + schema
                            + ", other="
                            + other.schema());
        }
        noteResets(other.counterReset());
        if (other.hasCustomBounds()) {
            addCustom(other, factor);
        } else {
            addExponential(other, factor);
        }
        count.add(other.count() * factor);
        sum.add(other.sum() * factor);
    }

    private void noteResets(CounterReset other) {
        sawReset |= other == CounterReset.RESET;
        sawNoReset |= other == CounterReset.NOT_RESET;
        if (other == counterReset || counterReset == CounterReset.GAUGE) {
            return;
        }
        counterReset = other == CounterReset.GAUGE ? CounterReset.GAUGE : CounterReset.UNKNOWN;
    }

    private void addExponential(NativeHistogram other, double factor) {
        zeroCount.add(widenZeroBucket(other) * factor);
        int target = Math.min(schema, other.schema());
        coarsen(target);
        int steps = other.schema() - target;
        BucketSums.Placing placing =
                index -> {
                    int coarse = steps == 0 ? index : BucketBounds.coarser(index, steps);
                    return BucketBounds.exponential(target, coarse) <= zeroThreshold
                            ? BucketSums.Placing.NOWHERE
                            : coarse;
                };
        positive.add(other.positive(), factor, placing);
        negative.add(other.negative(), factor, placing);
    }

    /// Makes both zero buckets equally wide.
    ///
    /// @return the count of that of the other
    private double widenZeroBucket(NativeHistogram other) {
        ZeroBucket zero = new ZeroBucket(other.zeroThreshold(), other.zeroCount());
        while (zero.threshold() != zeroThreshold) {
            if (zeroThreshold > zero.threshold()) {
                zero = ZeroBucket.widened(other, zeroThreshold);
            }
            if (zero.threshold() > zeroThreshold) {
                ZeroBucket mine = ZeroBucket.widened(result(), zero.threshold());
                zeroThreshold = mine.threshold();
                zeroCount.reset(mine.count());
                BucketSums.Placing outside =
                        index ->
                                BucketBounds.exponential(schema, index - 1) < zeroThreshold
                                        ? BucketSums.Placing.NOWHERE
                                        : index;
                positive.place(outside);
                negative.place(outside);
            }
        }
        return zero.count();
    }

    private void addCustom(NativeHistogram other, double factor) {
        double[] theirs = other.customBounds();
        if (Arrays.equals(bounds, theirs)) {
            positive.add(other.positive(), factor, BucketSums.Placing.SAME);
            return;
        }
        reconciledBounds = true;
        double[] common = CustomBounds.common(bounds, theirs);
        int[] mine = CustomBounds.places(bounds, common);
        int[] their = CustomBounds.places(theirs, common);
        positive.place(index -> mine[index]);
        positive.add(other.positive(), factor, index -> their[index]);
        bounds = common;
    }

    /// Makes the resolution no finer than that.
    public void coarsen(int target) {
        int steps = schema - target;
        if (schema != NativeHistogram.CUSTOM_SCHEMA && steps > 0) {
            positive.place(index -> BucketBounds.coarser(index, steps));
            negative.place(index -> BucketBounds.coarser(index, steps));
            schema = target;
        }
    }

    /// Multiplies all counts.
    public void scale(double factor) {
        zeroCount.set(zeroCount.sum() * factor, zeroCount.compensation() * factor);
        count.set(count.sum() * factor, count.compensation() * factor);
        sum.set(sum.sum() * factor, sum.compensation() * factor);
        positive.scale(factor);
        negative.scale(factor);
    }

    /// Would a count be infinite if that were added?
    boolean overflowsWith(NativeHistogram other) {
        double mine = Math.max(positive.largest(), negative.largest());
        double theirs = Math.max(largest(other.positive()), largest(other.negative()));
        return Double.isInfinite(count.sum() + other.count())
                || Double.isInfinite(sum.sum() + other.sum())
                || Double.isInfinite(zeroCount.sum() + other.zeroCount())
                || Double.isInfinite(mine + theirs);
    }

    private static double largest(Buckets buckets) {
        double largest = 0;
        for (int i = 0; i < buckets.size(); i++) {
            largest = Math.max(largest, Math.abs(buckets.count(i)));
        }
        return largest;
    }

    /// Says what the sum is as to resets.
    public void counterReset(CounterReset newCounterReset) {
        counterReset = newCounterReset;
    }

    @Override
    public PartHistogram state() {
        return state(1, false);
    }

    PartHistogram state(long size, boolean mean) {
        return new PartHistogram(
                result(), size, mean, sawReset, sawNoReset, reconciledBounds, false);
    }

    @Override
    public void reset(PartHistogram state) {
        reset(state.histogram());
        note(state);
    }

    @Override
    public void merge(PartHistogram state) {
        add(state.histogram());
        note(state);
    }

    /// Takes over what is known beside the counts.
    void note(PartHistogram state) {
        sawReset |= state.sawReset();
        sawNoReset |= state.sawNoReset();
        reconciledBounds |= state.reconciledBounds();
    }

    @Override
    public boolean conflictingResets() {
        return sawReset && sawNoReset;
    }

    @Override
    public boolean reconciledBounds() {
        return reconciledBounds;
    }

    @Override
    public NativeHistogram result() {
        if (schema == NativeHistogram.CUSTOM_SCHEMA) {
            return NativeHistogram.custom(
                    counterReset, count.total(), sum.total(), bounds, positive.total());
        }
        return NativeHistogram.exponential(
                schema,
                counterReset,
                zeroThreshold,
                zeroCount.total(),
                count.total(),
                sum.total(),
                positive.total(),
                negative.total());
    }

    @Override
    public long sizeBytes() {
        return 256 + 8L * bounds.length + positive.sizeBytes() + negative.sizeBytes();
    }
}
