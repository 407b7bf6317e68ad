package dev.muster.agent.exposition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A format and version that a scrape can ask for, under the name it has in `scrape_protocols`.
public enum ScrapeProtocol {
    /// Delimited `io.prometheus.client.MetricFamily`: the only one with native histograms.
    PROMETHEUS_PROTO(
            "PrometheusProto",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily"
                    + ";encoding=delimited",
            false),
    OPENMETRICS_TEXT_0_0_1(
            "OpenMetricsText0.0.1", "application/openmetrics-text;version=0.0.1", false),
    OPENMETRICS_TEXT_1_0_0(
            "OpenMetricsText1.0.0", "application/openmetrics-text;version=1.0.0", true),
    PROMETHEUS_TEXT_0_0_4("PrometheusText0.0.4", "text/plain;version=0.0.4", false),
    /// Text that may have names in quotes.
    PROMETHEUS_TEXT_1_0_0("PrometheusText1.0.0", "text/plain;version=1.0.0", true);

    /// What is asked for where nothing is configured: text, OpenMetrics first.
    public static final List<ScrapeProtocol> DEFAULT =
            List.of(
                    OPENMETRICS_TEXT_1_0_0,
                    OPENMETRICS_TEXT_0_0_1,
                    PROMETHEUS_TEXT_1_0_0,
                    PROMETHEUS_TEXT_0_0_4);

    /// What is asked for where native histograms are wanted and nothing is configured.
    public static final List<ScrapeProtocol> PROTO_FIRST =
            List.of(
                    PROMETHEUS_PROTO,
                    OPENMETRICS_TEXT_1_0_0,
                    OPENMETRICS_TEXT_0_0_1,
                    PROMETHEUS_TEXT_1_0_0,
                    PROMETHEUS_TEXT_0_0_4);

    private final String configName;
    private final String mediaType;
    private final boolean escapes;

    ScrapeProtocol(String configName, String mediaType, boolean escapes) {
        this.configName = configName;
        this.mediaType = mediaType;
        this.escapes = escapes;
    }

    /// The protocol of that name in a configuration; null where there is none.
    public static @Nullable ScrapeProtocol named(String configName) {
        for (ScrapeProtocol protocol : values()) {
            if (protocol.configName.equals(configName)) {
                return protocol;
            }
        }
        return null;
    }

    /// The name in a configuration, such as `PrometheusText0.0.4`.
    public String configName() {
        return configName;
    }

    /// Its entry in an `Accept` header, without a weight.
    String accept(NameEscaping escaping) {
        return escapes ? mediaType + ";escaping=" + escaping.text() : mediaType;
    }

    /// The media type without parameters.
    String bareMediaType() {
        return mediaType.substring(0, mediaType.indexOf(';'));
    }
}
