package dev.muster.promql;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.promql.histogram.HistogramSum;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An item such as `{{schema:0 sum:5 count:4 buckets:[1 2 1]}}+{{count:1}}x3`.
final class HistogramItem {
    private static final Pattern ITEM =
            Pattern.compile("\\{\\{(.*?)}}(?:([-+])\\{\\{(.*?)}})?(?:x(\\d+))?");
    private static final Pattern FIELD = Pattern.compile("(\\w+):(\\[[^]]*]|\\S+)");

    private int schema;
    private double sum;
    private double count;
    private double zeroCount;
    private double zeroThreshold;
    private int offset;
    private int negativeOffset;
    private double[] buckets = {};
    private double[] negativeBuckets = {};
    private double[] bounds = {};
    private CounterReset reset = CounterReset.UNKNOWN;
    private boolean resetGiven;

    private HistogramItem(String fields) {
        Matcher matcher = FIELD.matcher(fields);
        int end = 0;
        while (matcher.find()) {
            requireSpace(fields.substring(end, matcher.start()));
            set(matcher.group(1), matcher.group(2));
            end = matcher.end();
        }
        requireSpace(fields.substring(end));
    }

    private static void requireSpace(String between) {
        if (!between.isBlank()) {
            throw new IllegalArgumentException(
                    "histogram fields must be name:value: found=" + between.strip());
        }
    }

    /// Appends what an item stands for.
    static void parse(String text, List<SeriesLine.Value> values) {
        Matcher matcher = ITEM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("histogram must be known: item=" + text);
        }
        HistogramItem first = new HistogramItem(matcher.group(1));
        int more = SeriesLine.count(matcher.group(4), values, 0);
        NativeHistogram histogram = first.histogram();
        for (int i = 0; i <= more; i++) {
            values.add(new SeriesLine.Value.Histogram(histogram, first.resetGiven));
            if (matcher.group(3) != null) {
                HistogramSum next = HistogramSum.of(histogram);
                next.add(
                        new HistogramItem(matcher.group(3)).histogram(),
                        matcher.group(2).equals("+") ? 1 : -1);
                histogram = next.result();
            }
        }
    }

    private void set(String name, String value) {
        switch (name) {
            case "schema" -> schema = Integer.parseInt(value);
            case "sum" -> sum = number(value);
            case "count" -> count = number(value);
            case "z_bucket" -> zeroCount = number(value);
            case "z_bucket_w" -> zeroThreshold = number(value);
            case "offset" -> offset = Integer.parseInt(value);
            case "n_offset" -> negativeOffset = Integer.parseInt(value);
            case "buckets" -> buckets = numbers(value);
            case "n_buckets" -> negativeBuckets = numbers(value);
            case "custom_values" -> bounds = numbers(value);
            case "counter_reset_hint" -> {
                reset = CounterReset.valueOf(value.toUpperCase(Locale.ROOT));
                resetGiven = true;
            }
            default -> throw new IllegalArgumentException("field must be known: name=" + name);
        }
    }

    private static double[] numbers(String list) {
        String inside = list.substring(1, list.length() - 1).strip();
        if (inside.isEmpty()) {
            return new double[0];
        }
        String[] parts = inside.split("\\s+", -1);
        double[] numbers = new double[parts.length];
        for (int i = 0; i < parts.length; i++) {
            numbers[i] = number(parts[i]);
        }
        return numbers;
    }

    private static double number(String text) {
        return Numbers.parseFloat(text);
    }

    private NativeHistogram histogram() {
        if (schema == NativeHistogram.CUSTOM_SCHEMA) {
            return NativeHistogram.custom(reset, count, sum, bounds, buckets(offset, buckets));
        }
        return NativeHistogram.exponential(
                schema,
                reset,
                zeroThreshold,
                zeroCount,
                count,
                sum,
                buckets(offset, buckets),
                buckets(negativeOffset, negativeBuckets));
    }

    private static Buckets buckets(int offset, double[] counts) {
        int[] indexes = new int[counts.length];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = offset + i;
        }
        return Buckets.of(indexes, counts);
    }
}
