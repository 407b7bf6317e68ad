package dev.muster.agent.intake.otlp;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.NativeHistogram;
import java.util.Map;
import java.util.TreeMap;

/// Adds native histograms up, in the coarser resolution of both.
final class HistogramSum {
    /// Most buckets of a sum to each side; beyond, it becomes coarser.
    private static final int BUCKETS_LIMIT = 160;

    private HistogramSum() {}

    /// Can these two be added?
    static boolean adds(NativeHistogram one, NativeHistogram other) {
        return one.hasCustomBounds() == other.hasCustomBounds()
                && one.sameBounds(other)
                && Double.compare(one.zeroThreshold(), other.zeroThreshold()) == 0;
    }

    static NativeHistogram of(NativeHistogram one, NativeHistogram other) {
        double count = one.count() + other.count();
        double sum = one.sum() + other.sum();
        if (one.hasCustomBounds()) {
            return NativeHistogram.custom(
                    one.counterReset(),
                    count,
                    sum,
                    one.customBounds(),
                    buckets(merged(one.positive(), 0, other.positive(), 0)));
        }
        int schema = Math.min(one.schema(), other.schema());
        Map<Integer, Double> positive;
        Map<Integer, Double> negative;
        while (true) {
            int first = one.schema() - schema;
            int second = other.schema() - schema;
            positive = merged(one.positive(), first, other.positive(), second);
            negative = merged(one.negative(), first, other.negative(), second);
            int most = Math.max(positive.size(), negative.size());
            if (most <= BUCKETS_LIMIT || schema == NativeHistogram.MIN_SCHEMA) {
                break;
            }
            schema--;
        }
        return NativeHistogram.exponential(
                schema,
                one.counterReset(),
                one.zeroThreshold(),
                one.zeroCount() + other.zeroCount(),
                count,
                sum,
                buckets(positive),
                buckets(negative));
    }

    private static Map<Integer, Double> merged(
            Buckets one, int oneSteps, Buckets other, int otherSteps) {
        Map<Integer, Double> all = new TreeMap<>();
        add(one, oneSteps, all);
        add(other, otherSteps, all);
        return all;
    }

    /// Index i of a schema becomes ceil(i / 2) in the next coarser one.
    private static void add(Buckets buckets, int steps, Map<Integer, Double> into) {
        for (int i = 0; i < buckets.size(); i++) {
            int index = steps == 0 ? buckets.index(i) : ((buckets.index(i) - 1) >> steps) + 1;
            into.merge(index, buckets.count(i), Double::sum);
        }
    }

    private static Buckets buckets(Map<Integer, Double> all) {
        int[] indexes = all.keySet().stream().mapToInt(Integer::intValue).toArray();
        double[] counts = all.values().stream().mapToDouble(Double::doubleValue).toArray();
        return Buckets.of(indexes, counts);
    }
}
