package dev.muster.promql;

import dev.muster.model.labels.LabelMatcher;
import java.util.List;
import java.util.Optional;

/// A parsed query. `toString` is the query in its canonical form.
public sealed interface Expr {
    /// Where it stands in the query.
    Position position();

    /// The type of its value.
    ValueType type();

    /// A number, such as `1.5`, or `5m` for its seconds.
    record NumberLiteral(double value, boolean duration, Position position) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.SCALAR;
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /// A text, such as `"a"`.
    record StringLiteral(String value, Position position) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.STRING;
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /// `metric{a="b"} @ 1 offset 5m`
    ///
    /// @param metric the name before the braces, which is among the matchers too; may be empty
    record VectorSelector(
            String metric,
            List<LabelMatcher> matchers,
            Shift shift,
            Extension extension,
            Position position)
            implements Expr {
        public VectorSelector {
            matchers = List.copyOf(matchers);
        }

        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }

        VectorSelector withShift(Shift newShift) {
            return new VectorSelector(metric, matchers, newShift, extension, position);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /// `metric[5m]`; shift and extension are those of the selector.
    record MatrixSelector(VectorSelector selector, DurationExpr range, Position position)
            implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /// `expr[1h:5m]`
    record Subquery(
            Expr expr,
            DurationExpr range,
            Optional<DurationExpr> step,
            Shift shift,
            Position position)
            implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }

        Subquery withShift(Shift newShift, Position newPosition) {
            return new Subquery(expr, range, step, newShift, newPosition);
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /// `sum by (a) (expr)`
    record Aggregate(
            Aggregator operator,
            Expr expr,
            Optional<Expr> parameter,
            List<String> grouping,
            boolean without,
            Position position)
            implements Expr {
        public Aggregate {
            grouping = List.copyOf(grouping);
        }

        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /// `left + right`
    ///
    /// @param matching between vectors only
    record Binary(
            BinaryOperator operator,
            Expr left,
            Expr right,
            boolean returnBool,
            Optional<VectorMatching> matching)
            implements Expr {
        @Override
        public Position position() {
            return left.position().to(right.position());
        }

        @Override
        public ValueType type() {
            return left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR
                    ? ValueType.SCALAR
                    : ValueType.VECTOR;
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /// `-expr` or `+expr`
    record Unary(boolean negative, Expr expr, Position position) implements Expr {
        @Override
        public ValueType type() {
            return expr.type();
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /// `rate(expr)`
    record Call(Function function, List<Expr> arguments, Position position) implements Expr {
        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public ValueType type() {
            return function.returns();
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /// `(expr)`
    record Paren(Expr expr, Position position) implements Expr {
        @Override
        public ValueType type() {
            return expr.type();
        }

        @Override
        public String toString() {
            return Printer.print(this);
        }
    }

    /// An expression with the same value at every step; made by the planner, not by the parser.
    record StepInvariant(Expr expr) implements Expr {
        @Override
        public Position position() {
            return expr.position();
        }

        @Override
        public ValueType type() {
            return expr.type();
        }

        @Override
        public String toString() {
            return expr.toString();
        }
    }

    /// Where in time a selector or subquery looks: `@` and `offset`.
    record Shift(DurationExpr offset, At at) {
        /// At the time of the step.
        static final Shift NONE = new Shift(DurationExpr.ZERO, At.STEP);

        boolean hasOffset() {
            return !offset.equals(DurationExpr.ZERO);
        }

        boolean hasAt() {
            return !at.equals(At.STEP);
        }
    }

    /// How a selector treats the borders of its window.
    enum Extension {
        NONE,
        /// The window starts with the last sample before it.
        ANCHORED,
        /// Values at the borders are interpolated with samples beyond them.
        SMOOTHED
    }
}
