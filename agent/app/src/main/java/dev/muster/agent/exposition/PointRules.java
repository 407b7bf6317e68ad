package dev.muster.agent.exposition;

import dev.muster.model.sample.MetricType;

/// The rules of OpenMetrics for the samples of one point of a metric: values and labels that fit
/// the type, buckets that add up. Owned by [OpenMetricsRules].
final class PointRules {
    private final OpenMetricsReader reader;

    private boolean hasTotal;
    private boolean hasCount;
    private boolean hasSum;
    private double count;
    private double sum;
    private boolean hasBucket;
    private boolean hasNegativeBucket;
    private double bound;
    private double cumulative;

    /// Key of the newest sample of the point, for errors about the point as a whole.
    private int keyStart;

    private int keyEnd;

    PointRules(OpenMetricsReader reader) {
        this.reader = reader;
    }

    void start() {
        hasTotal = false;
        hasCount = false;
        hasSum = false;
        hasBucket = false;
        hasNegativeBucket = false;
        bound = Double.NEGATIVE_INFINITY;
        cumulative = 0;
    }

    /// Index of the label that tells this sample from others of its point: bound of a bucket,
    /// quantile, state; -1 where it has none.
    int ownLabel(MetricType type, SampleRole role) throws ExpositionException {
        return switch (role) {
            case BUCKET -> required(reader.labels.indexOf("le"), "le");
            case QUANTILE -> required(reader.labels.indexOf("quantile"), "quantile");
            case STATE ->
                    required(
                            reader.labels.indexOf(reader.family.nameStart, reader.family.nameEnd),
                            "of the family's name");
            case COUNT, SUM, CREATED, GAUGE_COUNT, GAUGE_SUM -> {
                refuseReserved(type);
                yield -1;
            }
            case VALUE, TOTAL, INFO -> -1;
        };
    }

    private int required(int index, String label) throws ExpositionException {
        if (index < 0) {
            throw refuseKey(
                    "sample must have a label " + label,
                    "buckets have le, quantiles quantile, states the name of their family");
        }
        return index;
    }

    private void refuseReserved(MetricType type) throws ExpositionException {
        String reserved =
                switch (type) {
                    case HISTOGRAM, GAUGE_HISTOGRAM -> "le";
                    case SUMMARY -> "quantile";
                    case UNKNOWN, COUNTER, GAUGE, INFO, STATE_SET -> "";
                };
        if (!reserved.isEmpty() && reader.labels.indexOf(reserved) >= 0) {
            throw refuseKey(
                    "sample must not have the label " + reserved, "it belongs to buckets only");
        }
    }

    /// Checks the reader's sample.
    ///
    /// @param own what [#ownLabel] said
    void sample(MetricType type, SampleRole role, int own) throws ExpositionException {
        keyStart = reader.keyStart;
        keyEnd = reader.keyEnd;
        double value = reader.value;
        switch (role) {
            case VALUE -> {}
            case TOTAL -> {
                require(value >= 0, "counter must not be negative or NaN");
                hasTotal = true;
            }
            case CREATED ->
                    require(Math.abs(value) <= Double.MAX_VALUE, "time of creation must be a time");
            case BUCKET -> bucket(own, value);
            case COUNT, GAUGE_COUNT -> {
                require(isCount(value), "count must be a whole number and not negative");
                hasCount = true;
                count = value;
            }
            case SUM -> {
                require(value >= 0, "sum must not be negative or NaN");
                hasSum = true;
                sum = value;
            }
            case GAUGE_SUM -> {
                require(!Double.isNaN(value), "sum must not be NaN");
                hasSum = true;
                sum = value;
            }
            case QUANTILE -> {
                double quantile = labelNumber(own, "label quantile");
                if (!(quantile >= 0 && quantile <= 1)) {
                    throw refuseLabel(own, "quantile must be from 0 to 1");
                }
                require(!(value < 0), "value of a quantile must not be negative");
            }
            case STATE -> require(value == 0 || value == 1, "state must be 0 or 1");
            case INFO -> require(value == 1, "value of an info must be 1");
        }
        if (reader.exemplarStart >= 0) {
            exemplar(role);
        }
    }

    private static boolean isCount(double value) {
        return value >= 0 && value <= Double.MAX_VALUE && Math.rint(value) == value;
    }

    private void bucket(int own, double value) throws ExpositionException {
        double le = labelNumber(own, "label le");
        if (Double.isNaN(le) || (le == Double.POSITIVE_INFINITY && !isPlusInf(own))) {
            throw refuseLabel(own, "bound of a bucket must be a number or +Inf");
        }
        require(isCount(value), "count must be a whole number and not negative");
        if (hasBucket && !(le > bound)) {
            throw refuseLabel(own, "bounds of buckets must ascend");
        }
        require(value >= cumulative, "counts of buckets must not descend");
        hasBucket = true;
        hasNegativeBucket |= le < 0;
        bound = le;
        cumulative = value;
    }

    private boolean isPlusInf(int label) {
        return Bytes.equal(
                reader.body,
                reader.labels.valueStart(label),
                reader.labels.valueEnd(label),
                "+Inf");
    }

    private void exemplar(SampleRole role) throws ExpositionException {
        if (role != SampleRole.TOTAL && role != SampleRole.BUCKET) {
            throw reader.refuse(
                    reader.exemplarStart,
                    "exemplar must stand on a bucket or a counter's _total",
                    "leave it out elsewhere");
        }
        if (role == SampleRole.BUCKET && !(reader.exemplarValue <= bound)) {
            throw reader.refuse(
                    reader.exemplarStart,
                    "exemplar must lie within its bucket: exemplar="
                            + reader.exemplarValue
                            + ", le="
                            + bound,
                    "put it on the lowest bucket that holds it");
        }
    }

    /// The point is over: is it whole?
    void finish(MetricType type) throws ExpositionException {
        switch (type) {
            case COUNTER -> {
                if (!hasTotal) {
                    throw incomplete("counter must have a _total", "write name_total first");
                }
            }
            case HISTOGRAM, GAUGE_HISTOGRAM -> finishHistogram(type == MetricType.HISTOGRAM);
            case UNKNOWN, GAUGE, SUMMARY, INFO, STATE_SET -> {}
        }
    }

    private void finishHistogram(boolean counters) throws ExpositionException {
        if (!hasBucket || bound != Double.POSITIVE_INFINITY) {
            throw incomplete("histogram must have a bucket with le=\"+Inf\"", "it counts all");
        }
        if (hasCount && count != cumulative) {
            throw incomplete(
                    "count must equal the +Inf bucket: count=" + count + ", bucket=" + cumulative,
                    "both must be read at once");
        }
        if (hasSum != hasCount) {
            throw incomplete("histogram must have both sum and count or none", "");
        }
        if (counters && hasNegativeBucket && hasSum) {
            throw incomplete(
                    "histogram with negative bounds must have no sum", "the sum could go down");
        }
        if (hasSum && !hasNegativeBucket && sum < 0) {
            throw incomplete("sum must not be negative without negative bounds", "");
        }
    }

    private double labelNumber(int label, String what) throws ExpositionException {
        return reader.number(reader.labels.valueStart(label), reader.labels.valueEnd(label), what);
    }

    private void require(boolean holds, String rule) throws ExpositionException {
        if (!holds) {
            throw reader.refuse(reader.valueStart, reader.valueEnd, rule, "is the type right?");
        }
    }

    private ExpositionException refuseLabel(int label, String rule) {
        return reader.refuse(
                reader.labels.valueStart(label),
                reader.labels.valueEnd(label),
                rule,
                "bounds are written such as 0.5, 1e+06 or +Inf");
    }

    private ExpositionException refuseKey(String rule, String hint) {
        return reader.refuse(reader.keyStart, reader.keyEnd, rule, hint);
    }

    private ExpositionException incomplete(String rule, String hint) {
        return reader.refuse(keyStart, keyEnd, rule, hint);
    }
}
