package dev.muster.agent.exposition;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The format of an exposition's body.
public enum ExpositionFormat {
    /// Prometheus' text format 0.0.4, and 1.0.0 with quoted names.
    PROMETHEUS_TEXT("text/plain; version=0.0.4; charset=utf-8"),
    /// OpenMetrics text 1.0, by the letter of its specification.
    OPENMETRICS_TEXT("application/openmetrics-text; version=1.0.0; charset=utf-8"),
    /// Messages of `io.prometheus.client.MetricFamily`, each after its length.
    PROMETHEUS_PROTOBUF(
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
                    + " encoding=delimited");

    private final String contentType;

    ExpositionFormat(String contentType) {
        this.contentType = contentType;
    }

    /// The `Content-Type` of a body in this format.
    public String contentType() {
        return contentType;
    }

    /// The format that a response's `Content-Type` names; `fallback` where there is none or it
    /// names another.
    public static ExpositionFormat of(@Nullable String contentType, ExpositionFormat fallback) {
        if (contentType == null) {
            return fallback;
        }
        int end = contentType.indexOf(';');
        String media = end < 0 ? contentType : contentType.substring(0, end);
        @Nullable ExpositionFormat named = ofMediaType(media.strip().toLowerCase(Locale.ROOT));
        return named == null ? fallback : named;
    }

    /// The format with that media type, in lower case and without parameters; null where it is
    /// another's.
    static @Nullable ExpositionFormat ofMediaType(String mediaType) {
        return switch (mediaType) {
            case "text/plain" -> PROMETHEUS_TEXT;
            case "application/openmetrics-text" -> OPENMETRICS_TEXT;
            case "application/vnd.google.protobuf" -> PROMETHEUS_PROTOBUF;
            default -> null;
        };
    }

    /// The `Accept` header of a scrape: these formats, OpenMetrics first, names in UTF-8 welcome.
    public static String acceptHeader() {
        return ScrapeNegotiation.DEFAULT.acceptHeader();
    }
}
