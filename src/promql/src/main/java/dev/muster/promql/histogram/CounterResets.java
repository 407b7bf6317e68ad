package dev.muster.promql.histogram;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.NativeHistogram;

/// Tells whether a counter histogram has started anew since the one before it in its series.
public final class CounterResets {
    private CounterResets() {}

    /// What the histogram itself says wins; else any count that is lower than before is a reset,
    /// and so is a change of buckets that can only come with one.
    public static boolean isReset(NativeHistogram now, NativeHistogram before) {
        return switch (now.counterReset()) {
            case RESET -> true;
            case NOT_RESET -> false;
            case UNKNOWN, GAUGE -> fell(now, before);
        };
    }

    private static boolean fell(NativeHistogram now, NativeHistogram before) {
        if (now.count() < before.count() || now.hasCustomBounds() != before.hasCustomBounds()) {
            return true;
        }
        return now.hasCustomBounds() ? customFell(now, before) : exponentialFell(now, before);
    }

    private static boolean customFell(NativeHistogram now, NativeHistogram before) {
        if (now.sameBounds(before)) {
            return fell(now.positive(), before.positive());
        }
        double[] mine = now.customBounds();
        double[] theirs = before.customBounds();
        double[] common = CustomBounds.common(mine, theirs);
        return fell(
                placed(now.positive(), CustomBounds.places(mine, common)),
                placed(before.positive(), CustomBounds.places(theirs, common)));
    }

    private static Buckets placed(Buckets buckets, int[] places) {
        BucketSums sums = new BucketSums();
        sums.add(buckets, 1, index -> places[index]);
        return sums.total();
    }

    private static boolean exponentialFell(NativeHistogram now, NativeHistogram before) {
        if (now.schema() > before.schema() || now.zeroThreshold() < before.zeroThreshold()) {
            return true;
        }
        ZeroBucket zero = ZeroBucket.widened(before, now.zeroThreshold());
        if (zero.threshold() != now.zeroThreshold() || now.zeroCount() < zero.count()) {
            return true;
        }
        int steps = before.schema() - now.schema();
        return fell(now.positive(), outside(now, before.positive(), steps))
                || fell(now.negative(), outside(now, before.negative(), steps));
    }

    /// The buckets of one before, with the resolution of now and without those that are in the zero
    /// bucket of now.
    private static Buckets outside(NativeHistogram now, Buckets before, int steps) {
        boolean narrow =
                before.size() == 0
                        || BucketBounds.exponential(now.schema() + steps, before.index(0))
                                > now.zeroThreshold();
        if (steps == 0 && narrow) {
            return before;
        }
        BucketSums sums = new BucketSums();
        sums.add(
                before,
                1,
                index -> {
                    int coarse = steps == 0 ? index : BucketBounds.coarser(index, steps);
                    return BucketBounds.exponential(now.schema(), coarse) <= now.zeroThreshold()
                            ? BucketSums.Placing.NOWHERE
                            : coarse;
                });
        return sums.total();
    }

    private static boolean fell(Buckets now, Buckets before) {
        int at = 0;
        for (int i = 0; i < before.size(); i++) {
            while (at < now.size() && now.index(at) < before.index(i)) {
                at++;
            }
            boolean there = at < now.size() && now.index(at) == before.index(i);
            if ((there ? now.count(at) : 0) < before.count(i)) {
                return true;
            }
        }
        return false;
    }
}
