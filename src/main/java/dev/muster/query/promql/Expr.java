package dev.muster.query.promql;

/// A parsed query.
public sealed interface Expr {
    /// Where it stands in the query.
    Position position();

    /// The type of its value.
    ValueType type();

    /// A number, such as `1.5` or `5m`.
    record NumberLiteral(double value, boolean duration, Position position) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.SCALAR;
        }
    }
}
