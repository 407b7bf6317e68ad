package dev.muster.promql.histogram;

import dev.muster.model.histogram.NativeHistogram;
import java.util.function.DoubleFunction;

/// Histograms as Prometheus prints them: `{count:4, sum:10, [-0.001,0.001]:1, (0.5,1]:3}`.
public final class HistogramText {
    private HistogramText() {}

    /// @param number prints a number
    public static String of(NativeHistogram histogram, DoubleFunction<String> number) {
        StringBuilder text =
                new StringBuilder("{count:")
                        .append(number.apply(histogram.count()))
                        .append(", sum:")
                        .append(number.apply(histogram.sum()));
        for (BucketList.Bucket bucket : BucketList.of(histogram)) {
            text.append(", ")
                    .append(bucket.rule().includesLower() ? '[' : '(')
                    .append(number.apply(bucket.lower()))
                    .append(',')
                    .append(number.apply(bucket.upper()))
                    .append(bucket.rule().includesUpper() ? ']' : ')')
                    .append(':')
                    .append(number.apply(bucket.count()));
        }
        return text.append('}').toString();
    }
}
