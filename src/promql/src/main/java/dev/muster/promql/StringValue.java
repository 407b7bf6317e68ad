package dev.muster.promql;

/// A text.
///
/// @param timestampMs time of the evaluation, Unix milliseconds
public record StringValue(long timestampMs, String value) implements QueryValue {
    @Override
    public ValueType type() {
        return ValueType.STRING;
    }
}
