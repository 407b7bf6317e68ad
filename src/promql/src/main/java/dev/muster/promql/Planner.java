package dev.muster.promql;

import dev.muster.model.time.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Prepares an expression for evaluation at given steps: durations and `@` become numbers, and
/// parts that have the same value at every step are marked, so that they are evaluated once.
final class Planner {
    private final Steps steps;
    private final boolean instant;

    /// An expression and whether it has the same value at every step.
    private record Planned(Expr expr, boolean invariant) {
        /// The expression, marked where that saves work.
        Expr marked() {
            boolean worthIt = expr.type() == ValueType.VECTOR || expr.type() == ValueType.SCALAR;
            return invariant && worthIt && !(expr instanceof Expr.NumberLiteral)
                    ? new Expr.StepInvariant(expr)
                    : expr;
        }
    }

    private Planner(Steps steps, boolean instant) {
        this.steps = steps;
        this.instant = instant;
    }

    static Expr plan(Expr expr, Steps steps, boolean instant) throws QueryException {
        Planned planned = new Planner(steps, instant).plan(expr);
        return steps.count() > 1 ? planned.marked() : planned.expr();
    }

    private Planned plan(Expr expr) throws QueryException {
        return switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _ -> new Planned(expr, true);
            case Expr.StepInvariant _ -> new Planned(expr, true);
            case Expr.VectorSelector selector -> {
                Expr.VectorSelector planned = selector(selector);
                yield new Planned(planned, planned.shift().hasAt());
            }
            case Expr.MatrixSelector matrix -> {
                Expr.VectorSelector planned = selector(matrix.selector());
                yield new Planned(
                        new Expr.MatrixSelector(
                                planned, positive(matrix.range()), matrix.position()),
                        planned.shift().hasAt());
            }
            // Parentheses do not change a value, but would hide a selector from its function.
            case Expr.Paren paren -> plan(paren.expr());
            case Expr.Unary unary -> {
                Planned operand = plan(unary.expr());
                yield new Planned(
                        new Expr.Unary(unary.negative(), operand.expr(), unary.position()),
                        operand.invariant());
            }
            case Expr.Subquery subquery -> subquery(subquery);
            case Expr.Aggregate aggregate -> aggregate(aggregate);
            case Expr.Binary binary -> binary(binary);
            case Expr.Call call -> call(call);
        };
    }

    private Expr.VectorSelector selector(Expr.VectorSelector selector) throws QueryException {
        return selector.withShift(shift(selector.shift()));
    }

    private Expr.Shift shift(Expr.Shift shift) throws QueryException {
        At at =
                switch (shift.at()) {
                    case At.OfStep _, At.Time _ -> shift.at();
                    case At.Start _ -> new At.Time(steps.startMs());
                    case At.End _ -> new At.Time(steps.endMs());
                };
        return new Expr.Shift(new DurationExpr.Literal(seconds(shift.offset())), at);
    }

    private Planned subquery(Expr.Subquery subquery) throws QueryException {
        Optional<DurationExpr> step = Optional.empty();
        if (subquery.step().isPresent()) {
            step = Optional.of(positive(subquery.step().get()));
        }
        Expr.Shift shift = shift(subquery.shift());
        Expr planned =
                new Expr.Subquery(
                        plan(subquery.expr()).marked(),
                        positive(subquery.range()),
                        step,
                        shift,
                        subquery.position());
        return new Planned(planned, shift.hasAt());
    }

    private Planned aggregate(Expr.Aggregate aggregate) throws QueryException {
        Planned inner = plan(aggregate.expr());
        Planned parameter =
                aggregate.parameter().isPresent()
                        ? plan(aggregate.parameter().get())
                        : new Planned(inner.expr(), true);
        boolean invariant = inner.invariant() && parameter.invariant();
        Optional<Expr> newParameter =
                aggregate.parameter().map(_ -> invariant ? parameter.expr() : parameter.marked());
        Expr planned =
                new Expr.Aggregate(
                        aggregate.operator(),
                        invariant ? inner.expr() : inner.marked(),
                        newParameter,
                        aggregate.grouping(),
                        aggregate.without(),
                        aggregate.position());
        return new Planned(planned, invariant);
    }

    private Planned binary(Expr.Binary binary) throws QueryException {
        Planned left = plan(binary.left());
        Planned right = plan(binary.right());
        boolean invariant = left.invariant() && right.invariant();
        Expr planned =
                new Expr.Binary(
                        binary.operator(),
                        invariant ? left.expr() : left.marked(),
                        invariant ? right.expr() : right.marked(),
                        binary.returnBool(),
                        binary.matching());
        return new Planned(planned, invariant);
    }

    private Planned call(Expr.Call call) throws QueryException {
        List<Planned> arguments = new ArrayList<>();
        boolean invariant = !call.function().dependsOnTime();
        for (Expr argument : call.arguments()) {
            Planned planned = plan(argument);
            arguments.add(planned);
            invariant &= planned.invariant();
        }
        boolean whole = invariant || call.function() == Function.TIMESTAMP;
        List<Expr> newArguments =
                arguments.stream()
                        .map(argument -> whole ? argument.expr() : argument.marked())
                        .toList();
        return new Planned(
                new Expr.Call(call.function(), newArguments, call.position()), invariant);
    }

    // Durations.

    private DurationExpr positive(DurationExpr duration) throws QueryException {
        double seconds = seconds(duration);
        if (!(seconds > 0)) {
            throw new QueryException(QueryException.Kind.PARSE, "duration must be greater than 0");
        }
        return new DurationExpr.Literal(seconds);
    }

    private double seconds(DurationExpr duration) throws QueryException {
        double seconds = compute(duration);
        if (!(Math.abs(seconds) < Long.MAX_VALUE / 1e9)) {
            throw new QueryException(QueryException.Kind.PARSE, "duration is out of range");
        }
        return seconds;
    }

    private double compute(DurationExpr duration) throws QueryException {
        return switch (duration) {
            case DurationExpr.Literal(double seconds) -> seconds;
            case DurationExpr.Negated(var operand) -> -compute(operand);
            case DurationExpr.Paren(var inner) -> compute(inner);
            case DurationExpr.Step _ -> instant ? 0 : steps.stepMs() / 1000.0;
            case DurationExpr.Range _ -> (steps.endMs() - steps.startMs()) / 1000.0;
            case DurationExpr.Extreme(boolean max, var left, var right) ->
                    max
                            ? Math.max(compute(left), compute(right))
                            : Math.min(compute(left), compute(right));
            case DurationExpr.Arithmetic(var operator, var left, var right) ->
                    arithmetic(operator, compute(left), compute(right));
        };
    }

    private static double arithmetic(BinaryOperator operator, double left, double right)
            throws QueryException {
        if (right == 0 && operator == BinaryOperator.DIV) {
            throw new QueryException(QueryException.Kind.PARSE, "division by zero");
        }
        if (right == 0 && operator == BinaryOperator.MOD) {
            throw new QueryException(QueryException.Kind.PARSE, "modulo by zero");
        }
        return operator.apply(left, right);
    }
}
