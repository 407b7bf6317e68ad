package dev.muster.promql;

import java.util.Locale;

/// The type of an expression and of its value.
public enum ValueType {
    NONE,
    SCALAR,
    STRING,
    VECTOR,
    MATRIX;

    /// The name as Prometheus' API spells it, such as `matrix`.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The name as error texts spell it, such as `range vector`.
    String documented() {
        return switch (this) {
            case VECTOR -> "instant vector";
            case MATRIX -> "range vector";
            case NONE, SCALAR, STRING -> text();
        };
    }
}
