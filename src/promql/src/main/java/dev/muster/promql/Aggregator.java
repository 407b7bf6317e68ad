package dev.muster.promql;

import java.util.Locale;

/// The aggregation operators.
public enum Aggregator {
    SUM,
    AVG,
    COUNT,
    MIN,
    MAX,
    GROUP,
    STDDEV,
    STDVAR,
    TOPK,
    BOTTOMK,
    COUNT_VALUES,
    QUANTILE,
    LIMITK,
    LIMIT_RATIO;

    private final String text = name().toLowerCase(Locale.ROOT);

    /// The name in queries.
    public String text() {
        return text;
    }

    /// Type of the parameter; [ValueType#NONE] where there is none.
    ValueType parameter() {
        return switch (this) {
            case TOPK, BOTTOMK, QUANTILE, LIMITK, LIMIT_RATIO -> ValueType.SCALAR;
            case COUNT_VALUES -> ValueType.STRING;
            case SUM, AVG, COUNT, MIN, MAX, GROUP, STDDEV, STDVAR -> ValueType.NONE;
        };
    }

    boolean hasParameter() {
        return parameter() != ValueType.NONE;
    }

    /// Does it choose among its input series instead of making one series a group?
    boolean selects() {
        return this == TOPK || this == BOTTOMK || this == LIMITK || this == LIMIT_RATIO;
    }
}
