package dev.muster.promql;

/// One number.
///
/// @param timestampMs time of the evaluation, Unix milliseconds
public record ScalarValue(long timestampMs, double value) implements QueryValue {
    @Override
    public ValueType type() {
        return ValueType.SCALAR;
    }
}
