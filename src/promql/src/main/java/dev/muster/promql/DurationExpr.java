package dev.muster.promql;

/// A length of time in brackets or after `offset`, computed before the query is evaluated.
public sealed interface DurationExpr {
    /// No shift.
    DurationExpr ZERO = new Literal(0);

    /// A number of seconds, such as `5m` or `300`.
    record Literal(double seconds) implements DurationExpr {
        /// Rounded to milliseconds.
        public long ms() {
            return Math.round(seconds * 1000);
        }
    }

    /// `-…`
    record Negated(DurationExpr operand) implements DurationExpr {}

    /// `… + …`; the operator is one of `+ - * / % ^`.
    record Arithmetic(BinaryOperator operator, DurationExpr left, DurationExpr right)
            implements DurationExpr {}

    /// `step()`: of the range query; 0 in an instant query.
    record Step() implements DurationExpr {}

    /// `range()`: from start to end of the range query; 0 in an instant query.
    record Range() implements DurationExpr {}

    /// `min_of(…, …)` or `max_of(…, …)`
    record Extreme(boolean max, DurationExpr left, DurationExpr right) implements DurationExpr {}

    /// `(…)`
    record Paren(DurationExpr inner) implements DurationExpr {}

    /// As the language writes it.
    default String text() {
        return Printer.duration(this);
    }

    static DurationExpr ofMs(long ms) {
        return new Literal(ms / 1000.0);
    }

    /// Milliseconds of a duration that has been computed.
    static long ms(DurationExpr duration) {
        return switch (duration) {
            case Literal literal -> literal.ms();
            case Negated _, Arithmetic _, Step _, Range _, Extreme _, Paren _ ->
                    throw new IllegalStateException(
                            "duration must be computed: duration=" + duration);
        };
    }
}
