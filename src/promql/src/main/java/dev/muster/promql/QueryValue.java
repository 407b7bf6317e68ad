package dev.muster.promql;

/// The answer of a query.
public sealed interface QueryValue permits ScalarValue, StringValue, VectorValue, MatrixValue {
    /// The type as Prometheus' API spells it in `resultType`.
    ValueType type();
}
