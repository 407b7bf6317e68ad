package dev.muster.blocks.read;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;

/// Which of two samples of one series and time counts: a value before a staleness marker, a
/// histogram before a number, and of two of a kind the one of the greater bits. Any order would do
/// that does not depend on where the samples lie, so that merging blocks changes no answer.
final class SampleOrder {
    private SampleOrder() {}

    /// Greater than 0 where the first one counts, 0 where they are the same but for what histograms
    /// say of resets.
    static int compare(SampleColumns first, int at, SampleColumns second, int other) {
        int order = Integer.compare(rank(first, at), rank(second, other));
        if (order == 0) {
            order = bits(first.values()[at], second.values()[other]);
        }
        NativeHistogram one = first.histogram(at);
        NativeHistogram two = second.histogram(other);
        if (order == 0 && one != null && two != null) {
            order = compare(one, two);
        }
        return order == 0 ? Long.compare(first.startMs(at), second.startMs(other)) : order;
    }

    private static int rank(SampleColumns columns, int at) {
        if (columns.histogram(at) != null) {
            return 2;
        }
        return Staleness.isStale(columns.values()[at]) ? 0 : 1;
    }

    private static int compare(NativeHistogram one, NativeHistogram two) {
        int order = bits(one.count(), two.count());
        order = order == 0 ? bits(one.sum(), two.sum()) : order;
        order = order == 0 ? Integer.compare(one.schema(), two.schema()) : order;
        order = order == 0 ? bits(one.zeroThreshold(), two.zeroThreshold()) : order;
        order = order == 0 ? bits(one.zeroCount(), two.zeroCount()) : order;
        order = order == 0 ? compare(one.positive(), two.positive()) : order;
        order = order == 0 ? compare(one.negative(), two.negative()) : order;
        order =
                order == 0
                        ? Integer.compare(one.customBoundCount(), two.customBoundCount())
                        : order;
        for (int i = 0; order == 0 && i < one.customBoundCount(); i++) {
            order = bits(one.customBound(i), two.customBound(i));
        }
        return order;
    }

    private static int compare(Buckets one, Buckets two) {
        int order = Integer.compare(one.size(), two.size());
        for (int i = 0; order == 0 && i < one.size(); i++) {
            order = Integer.compare(one.index(i), two.index(i));
            order = order == 0 ? bits(one.count(i), two.count(i)) : order;
        }
        return order;
    }

    private static int bits(double one, double two) {
        return Long.compare(Double.doubleToRawLongBits(one), Double.doubleToRawLongBits(two));
    }
}
