package dev.muster.promql;

import dev.muster.model.series.Completeness;
import dev.muster.promql.part.PartRemark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What must be said of an answer, each thing once; texts are Prometheus'. Thread-safe.
final class Annotations {
    /// Most texts of each kind in an answer.
    private static final int LIMIT = 10;

    private final String query;
    private final Set<PartRemark> remarks = new LinkedHashSet<>();
    private final Map<String, ForcedMonotonicity> forced = new LinkedHashMap<>();
    private Completeness completeness = Completeness.NONE;
    private boolean sourceWarned;

    Annotations(String query) {
        this.query = query;
    }

    /// A warning of the storage, as it is.
    void storage(String text) {
        add(PartRemark.storage(text));
    }

    synchronized void add(PartRemark remark) {
        remarks.add(remark);
    }

    /// All but corrections of classic histograms.
    synchronized List<PartRemark> remarks() {
        return List.copyOf(remarks);
    }

    /// What a source has to say of an answer once all of it was read.
    synchronized void source(List<String> texts, Completeness part) {
        texts.forEach(this::storage);
        completeness = completeness.plus(part);
        sourceWarned |= !texts.isEmpty() || !part.whole();
    }

    /// How much of what should have answered did, over all selectors.
    synchronized Completeness completeness() {
        return completeness;
    }

    /// Whether any source said that something is missing.
    synchronized boolean sourceWarned() {
        return sourceWarned;
    }

    void invalidQuantile(double quantile, Position position) {
        warn(
                "quantile value should be between 0 and 1, got " + Numbers.general(quantile),
                position);
    }

    void invalidRatio(double ratio, double capped, Position position) {
        warn(
                "ratio value should be between -1 and 1, got "
                        + Numbers.general(ratio)
                        + ", capping to "
                        + Numbers.general(capped),
                position);
    }

    void badBucketLabel(String metric, String label, Position position) {
        warn(
                "bucket label \"le\" is missing or has a malformed value of "
                        + StringText.quoted(label)
                        + forMetric(metric),
                position);
    }

    void possibleNonCounter(String metric, Position position) {
        info(
                "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "
                        + StringText.quoted(metric),
                position);
    }

    void incompatibleTypes(String left, String operator, String right, Position position) {
        info(
                "incompatible sample types encountered for binary operator "
                        + StringText.quoted(operator)
                        + ": "
                        + left
                        + " "
                        + operator
                        + " "
                        + right,
                position);
    }

    void mixedTypes(String metric, Position position) {
        warn("encountered a mix of histograms and floats" + forMetric(metric), position);
    }

    void mixedTypesInAggregation(Position position) {
        warn("encountered a mix of histograms and floats for aggregation", position);
    }

    void mixedSchemas(String metric, Position position) {
        warn(
                "vector contains a mix of histograms with exponential and custom buckets schemas"
                        + forMetric(metric),
                position);
    }

    void mixedClassicAndNative(String metric, Position position) {
        warn(
                "vector contains a mix of classic and native histograms" + forMetric(metric),
                position);
    }

    void notCounter(String metric, Position position) {
        warn(
                "this native histogram metric is not a counter: " + StringText.quoted(metric),
                position);
    }

    void notGauge(String metric, Position position) {
        warn("this native histogram metric is not a gauge: " + StringText.quoted(metric), position);
    }

    void overlappingStarts(String metric, Position position) {
        warn(
                "sample has start time that overlaps with previous sample timestamp for metric "
                        + StringText.quoted(metric),
                position);
    }

    void incompatibleBuckets(String operator, Position position) {
        warn("incompatible bucket layout encountered for binary operator " + operator, position);
    }

    /// @param operation `aggregation`, `addition` or `subtraction`
    void conflictingResets(String operation, Position position) {
        warn("conflicting counter resets during histogram " + operation, position);
    }

    /// @param operation `aggregation`, `addition` or `subtraction`
    void reconciledBounds(String operation, Position position) {
        info("mismatched custom buckets were reconciled during " + operation, position);
    }

    void ignoredInAggregation(String operator, Position position) {
        info("ignored histogram in " + operator + " aggregation", position);
    }

    void ignoredInRange(String metric, Position position) {
        info(
                "ignored histograms in a range containing both floats and histograms"
                        + forMetric(metric),
                position);
    }

    /// @param nan whether the quantile itself is NaN
    void quantileOfNaN(boolean nan, String metric, Position position) {
        info(
                "input to histogram_quantile has NaN observations, result is "
                        + (nan ? "NaN" : "skewed higher")
                        + forMetric(metric),
                position);
    }

    void fractionOfNaN(String metric, Position position) {
        info(
                "input to histogram_fraction has NaN observations, which are excluded from all"
                        + " fractions"
                        + forMetric(metric),
                position);
    }

    /// Buckets of a classic histogram were not cumulative.
    synchronized void forcedMonotonicity(
            String metric, Position position, long timestampMs, Forced forcing) {
        String text =
                "PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see"
                    + " https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)"
                        + forMetric(metric);
        forced.computeIfAbsent(text + position, _ -> new ForcedMonotonicity(text, position))
                .add(timestampMs, forcing);
    }

    /// What was forced in one histogram.
    record Forced(double lowestBucket, double highestBucket, double largestDifference) {}

    private static String forMetric(String metric) {
        return metric.isEmpty() ? "" : " for metric name " + StringText.quoted(metric);
    }

    private void warn(String text, Position position) {
        add(new PartRemark(PartRemark.Level.WARNING, text, position.start(), position.end()));
    }

    private void info(String text, Position position) {
        add(new PartRemark(PartRemark.Level.INFO, text, position.start(), position.end()));
    }

    /// Storage warnings as they came, then others by place and text, so that the order is always
    /// the same.
    synchronized List<String> warnings() {
        Set<String> all = new LinkedHashSet<>();
        remarks.stream()
                .filter(remark -> remark.level() == PartRemark.Level.STORAGE)
                .forEach(remark -> all.add(remark.text()));
        ordered(PartRemark.Level.WARNING)
                .forEach(remark -> all.add("PromQL warning: " + shown(remark)));
        return limited(all, "warning");
    }

    synchronized List<String> infos() {
        Set<String> all = new LinkedHashSet<>();
        ordered(PartRemark.Level.INFO).forEach(remark -> all.add("PromQL info: " + shown(remark)));
        forced.values().forEach(one -> all.add(one.text(query)));
        return limited(all, "info");
    }

    private Stream<PartRemark> ordered(PartRemark.Level level) {
        return remarks.stream()
                .filter(remark -> remark.level() == level)
                .sorted(Comparator.comparingInt(PartRemark::start).thenComparing(PartRemark::text));
    }

    private String shown(PartRemark remark) {
        Position position = new Position(remark.start(), remark.end());
        return remark.text() + " (" + position.of(query) + ")";
    }

    private static List<String> limited(Set<String> all, String kind) {
        List<String> texts = new ArrayList<>(all);
        if (texts.size() > LIMIT) {
            String more = (texts.size() - LIMIT) + " more " + kind + " annotations omitted";
            texts = new ArrayList<>(texts.subList(0, LIMIT));
            texts.add(more);
        }
        return texts;
    }

    /// All corrections of one metric at one place of the query.
    private static final class ForcedMonotonicity {
        private final String text;
        private final Position position;
        private double lowest = Double.POSITIVE_INFINITY;
        private double highest = Double.NEGATIVE_INFINITY;
        private double difference;
        private long firstMs = Long.MAX_VALUE;
        private long lastMs = Long.MIN_VALUE;
        private int count;

        ForcedMonotonicity(String text, Position position) {
            this.text = text;
            this.position = position;
        }

        void add(long timestampMs, Forced forcing) {
            lowest = Math.min(lowest, forcing.lowestBucket());
            highest = Math.max(highest, forcing.highestBucket());
            difference = Math.max(difference, forcing.largestDifference());
            firstMs = Math.min(firstMs, timestampMs);
            lastMs = Math.max(lastMs, timestampMs);
            count++;
        }

        String text(String query) {
            return String.format(
                    Locale.ROOT,
                    "%s, from buckets %s to %s, with a max diff of %s, over %d samples from %s to"
                            + " %s (%s)",
                    text,
                    Numbers.general(lowest),
                    Numbers.general(highest),
                    Numbers.general(Numbers.twoDigits(difference)),
                    count,
                    Instant.ofEpochSecond(firstMs / 1000),
                    Instant.ofEpochSecond(lastMs / 1000),
                    position.of(query));
        }
    }
}
