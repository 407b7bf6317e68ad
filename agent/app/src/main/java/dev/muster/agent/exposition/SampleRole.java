package dev.muster.agent.exposition;

import dev.muster.model.sample.MetricType;
import org.jspecify.annotations.Nullable;

/// What a sample is to its family in OpenMetrics: told by the family's type and the suffix of the
/// sample's name.
enum SampleRole {
    /// The one value of a gauge or an unknown.
    VALUE(""),
    TOTAL("_total"),
    CREATED("_created"),
    BUCKET("_bucket"),
    COUNT("_count"),
    GAUGE_COUNT("_gcount"),
    SUM("_sum"),
    GAUGE_SUM("_gsum"),
    QUANTILE(""),
    STATE(""),
    INFO("_info");

    private static final SampleRole[] VALUES = {VALUE};
    private static final SampleRole[] COUNTERS = {TOTAL, CREATED};
    private static final SampleRole[] HISTOGRAMS = {BUCKET, COUNT, SUM, CREATED};
    private static final SampleRole[] GAUGE_HISTOGRAMS = {BUCKET, GAUGE_COUNT, GAUGE_SUM};
    private static final SampleRole[] SUMMARIES = {QUANTILE, COUNT, SUM, CREATED};
    private static final SampleRole[] STATES = {STATE};
    private static final SampleRole[] INFOS = {INFO};

    private final String suffix;

    SampleRole(String suffix) {
        this.suffix = suffix;
    }

    String suffix() {
        return suffix;
    }

    /// The roles that samples of a type may have. Not to be changed.
    static SampleRole[] of(MetricType type) {
        return switch (type) {
            case UNKNOWN, GAUGE -> VALUES;
            case COUNTER -> COUNTERS;
            case HISTOGRAM -> HISTOGRAMS;
            case GAUGE_HISTOGRAM -> GAUGE_HISTOGRAMS;
            case SUMMARY -> SUMMARIES;
            case STATE_SET -> STATES;
            case INFO -> INFOS;
        };
    }

    /// The role of a sample whose name has this suffix after the family's; null where that is none
    /// of the type.
    static @Nullable SampleRole of(MetricType type, byte[] body, int from, int to) {
        for (SampleRole role : of(type)) {
            if (Bytes.equal(body, from, to, role.suffix)) {
                return role;
            }
        }
        return null;
    }
}
