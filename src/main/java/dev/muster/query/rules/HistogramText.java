package dev.muster.query.rules;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.query.template.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Native histograms in the notation of Prometheus' tests.
public final class HistogramText {
    private HistogramText() {}

    /// Such as `{{schema:1 count:4 sum:5 buckets:[1 2 1]}}`; empty buckets at the ends are left
    /// out.
    public static String of(NativeHistogram histogram) {
        List<String> parts = new ArrayList<>();
        if (histogram.schema() != 0) {
            parts.add("schema:" + histogram.schema());
        }
        add(parts, "count", histogram.count());
        add(parts, "sum", histogram.sum());
        add(parts, "z_bucket", histogram.zeroCount());
        add(parts, "z_bucket_w", histogram.zeroThreshold());
        if (histogram.hasCustomBounds()) {
            List<String> bounds = new ArrayList<>();
            for (double bound : histogram.customBounds()) {
                bounds.add(GoText.of(bound));
            }
            parts.add("custom_values:[" + String.join(" ", bounds) + "]");
        }
        if (histogram.counterReset() != CounterReset.UNKNOWN) {
            parts.add(
                    "counter_reset_hint:"
                            + histogram.counterReset().name().toLowerCase(Locale.ROOT));
        }
        buckets(parts, "offset", "buckets", histogram.positive());
        buckets(parts, "n_offset", "n_buckets", histogram.negative());
        return "{{" + String.join(" ", parts) + "}}";
    }

    private static void add(List<String> parts, String name, double value) {
        if (value != 0) {
            parts.add(name + ":" + GoText.of(value));
        }
    }

    private static void buckets(List<String> parts, String offset, String name, Buckets buckets) {
        int first = 0;
        int last = buckets.size() - 1;
        while (first <= last && buckets.count(first) == 0) {
            first++;
        }
        while (last >= first && buckets.count(last) == 0) {
            last--;
        }
        if (first > last) {
            return;
        }
        if (buckets.index(first) != 0) {
            parts.add(offset + ":" + buckets.index(first));
        }
        List<String> counts = new ArrayList<>();
        for (int index = buckets.index(first); index <= buckets.index(last); index++) {
            counts.add(GoText.of(buckets.countOf(index)));
        }
        parts.add(name + ":[" + String.join(" ", counts) + "]");
    }
}
