package dev.muster.agent.intake.statsd;

import dev.muster.agent.intake.PushBatch;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What came to one series so far. Confined to the listener's thread.
final class StatsdSeries {
    private static final int BUCKETS_LIMIT = 160;
    private static final int FINEST_SCHEMA = 3;
    private static final int SET_LIMIT = 10_000;
    private static final double ZERO_THRESHOLD = 1e-128;

    private final StatsdLine.Kind kind;
    private final long startMs;
    private long lastMs;
    private double value;
    private double count;
    private double zeros;
    private int schema = FINEST_SCHEMA;
    private Map<Integer, Double> positive = new TreeMap<>();
    private Map<Integer, Double> negative = new TreeMap<>();
    private final Set<String> members = new HashSet<>();

    StatsdSeries(StatsdLine.Kind kind, long nowMs) {
        this.kind = kind;
        startMs = nowMs;
    }

    StatsdLine.Kind kind() {
        return kind;
    }

    long lastMs() {
        return lastMs;
    }

    /// Takes one value in.
    ///
    /// @return false if it is none, or one more of a set than its limit
    boolean take(String text, double rate, long nowMs) {
        if (kind == StatsdLine.Kind.SET) {
            lastMs = nowMs;
            if (members.size() >= SET_LIMIT) {
                return members.contains(text);
            }
            members.add(text);
            return true;
        }
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return false;
        }
        if (!Double.isFinite(number)) {
            return false;
        }
        lastMs = nowMs;
        switch (kind) {
            case COUNTER -> value += number / rate;
            case GAUGE -> {
                boolean relative = text.startsWith("+") || text.startsWith("-");
                value = relative ? value + number : number;
            }
            case TIMER -> observe(number / 1_000, 1 / rate);
            case HISTOGRAM -> observe(number, 1 / rate);
            case SET -> throw new IllegalStateException("sets are taken before");
        }
        return true;
    }

    private void observe(double number, double weight) {
        count += weight;
        value += number * weight;
        if (Math.abs(number) <= ZERO_THRESHOLD) {
            zeros += weight;
            return;
        }
        Map<Integer, Double> side = number > 0 ? positive : negative;
        double power = Math.log(Math.abs(number)) / Math.log(2);
        int index = (int) Math.ceil(Math.scalb(power, schema) - 1e-9);
        side.merge(index, weight, Double::sum);
        while (side.size() > BUCKETS_LIMIT && schema > NativeHistogram.MIN_SCHEMA) {
            positive = coarser(positive);
            negative = coarser(negative);
            side = number > 0 ? positive : negative;
            schema--;
        }
    }

    private static Map<Integer, Double> coarser(Map<Integer, Double> side) {
        Map<Integer, Double> result = new TreeMap<>();
        side.forEach((index, weight) -> result.merge(((index - 1) >> 1) + 1, weight, Double::sum));
        return result;
    }

    /// Adds its sample to a batch.
    void sample(Labels labels, long nowMs, PushBatch batch) {
        int series = batch.series(labels, metadata());
        switch (kind) {
            case COUNTER -> batch.sample(series, nowMs, value, startMs);
            case GAUGE -> batch.sample(series, nowMs, value, 0);
            case SET -> {
                batch.sample(series, nowMs, members.size(), 0);
                members.clear();
            }
            case TIMER, HISTOGRAM -> batch.histogram(series, nowMs, histogram(), startMs);
        }
    }

    private MetricMetadata metadata() {
        return switch (kind) {
            case COUNTER -> new MetricMetadata(MetricType.COUNTER, "", "");
            case GAUGE, SET -> new MetricMetadata(MetricType.GAUGE, "", "");
            case TIMER -> new MetricMetadata(MetricType.HISTOGRAM, "seconds", "");
            case HISTOGRAM -> new MetricMetadata(MetricType.HISTOGRAM, "", "");
        };
    }

    private NativeHistogram histogram() {
        return NativeHistogram.exponential(
                schema,
                CounterReset.UNKNOWN,
                ZERO_THRESHOLD,
                zeros,
                count,
                value,
                buckets(positive),
                buckets(negative));
    }

    private static Buckets buckets(Map<Integer, Double> side) {
        return Buckets.of(
                side.keySet().stream().mapToInt(Integer::intValue).toArray(),
                side.values().stream().mapToDouble(Double::doubleValue).toArray());
    }
}
