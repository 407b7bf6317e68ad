package dev.muster.model.sample;

import java.util.Locale;

/// The type that an exposition declares for a metric family.
public enum MetricType {
    UNKNOWN,
    COUNTER,
    GAUGE,
    HISTOGRAM,
    GAUGE_HISTOGRAM,
    SUMMARY,
    INFO,
    STATE_SET;

    private final String text = name().toLowerCase(Locale.ROOT).replace("_", "");

    /// The name as expositions, Prometheus' API and blocks spell it, such as `gaugehistogram`.
    public String text() {
        return text;
    }

    /// The type of that name; [#UNKNOWN] for any other, `untyped` among them.
    public static MetricType of(String text) {
        for (MetricType type : values()) {
            if (type.text.equals(text)) {
                return type;
            }
        }
        return UNKNOWN;
    }
}
