package dev.muster.agent.exposition;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The format of an exposition's body.
public enum ExpositionFormat {
    /// Prometheus' text format 0.0.4, and 1.0.0 with quoted names.
    PROMETHEUS_TEXT("text/plain; version=0.0.4; charset=utf-8"),
    /// OpenMetrics text 1.0, by the letter of its specification.
    OPENMETRICS_TEXT("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private static final String ACCEPT =
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                    + "application/openmetrics-text;version=0.0.1;q=0.5,"
                    + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                    + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

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
        return switch (media.strip().toLowerCase(Locale.ROOT)) {
            case "text/plain" -> PROMETHEUS_TEXT;
            case "application/openmetrics-text" -> OPENMETRICS_TEXT;
            default -> fallback;
        };
    }

    /// The `Accept` header of a scrape: these formats, OpenMetrics first, names in UTF-8 welcome.
    public static String acceptHeader() {
        return ACCEPT;
    }
}
