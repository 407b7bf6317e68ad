package dev.muster.promql;

import dev.muster.model.time.Steps;
import java.time.Duration;
import java.util.Optional;

/// How far the value of a range query at a step looks, where that does not depend on the other
/// steps: such a query has the same value at a step whatever range it is asked for, so that values
/// may be kept and asked for the rest.
///
/// @param laterMs how far after the step samples are looked at; at least 0
/// @param latestMs the latest time that is looked at whatever the step is, as `@` names it;
///   `Long.MIN_VALUE` where there is none
public record StepReach(long laterMs, long latestMs) {
    private static final StepReach STEP = new StepReach(0, Long.MIN_VALUE);

    /// The reach of a query, empty where steps depend on each other: `@ start()`, `@ end()` and
    /// `range()` do, and `info` looks for its labels over the whole range.
    ///
    /// @param lookback how long a sample stands for its series
    /// @throws QueryException if a duration cannot be computed
    public static Optional<StepReach> of(Expr expr, Steps steps, Duration lookback)
            throws QueryException {
        return new Walk(lookback.toMillis()).stepwise(expr)
                ? Optional.of(new Walk(lookback.toMillis()).reach(Planner.plan(expr, steps, false)))
                : Optional.empty();
    }

    private StepReach plus(StepReach other) {
        return new StepReach(Math.max(laterMs, other.laterMs), Math.max(latestMs, other.latestMs));
    }

    /// Goes through an expression.
    private record Walk(long lookbackMs) {
        boolean stepwise(Expr expr) {
            return switch (expr) {
                case Expr.NumberLiteral _, Expr.StringLiteral _ -> true;
                case Expr.VectorSelector selector -> stepwise(selector.shift());
                case Expr.MatrixSelector matrix ->
                        stepwise(matrix.selector()) && stepwise(matrix.range());
                case Expr.Subquery subquery ->
                        stepwise(subquery.expr())
                                && stepwise(subquery.range())
                                && subquery.step().map(this::stepwise).orElse(true)
                                && stepwise(subquery.shift());
                case Expr.Aggregate aggregate ->
                        stepwise(aggregate.expr())
                                && aggregate.parameter().map(this::stepwise).orElse(true);
                case Expr.Binary binary -> stepwise(binary.left()) && stepwise(binary.right());
                case Expr.Unary unary -> stepwise(unary.expr());
                case Expr.Call call ->
                        call.function() != Function.INFO
                                && call.arguments().stream().allMatch(this::stepwise);
                case Expr.Paren paren -> stepwise(paren.expr());
                case Expr.StepInvariant invariant -> stepwise(invariant.expr());
            };
        }

        private boolean stepwise(Expr.Shift shift) {
            return switch (shift.at()) {
                case At.OfStep _, At.Time _ -> stepwise(shift.offset());
                case At.Start _, At.End _ -> false;
            };
        }

        private boolean stepwise(DurationExpr duration) {
            return switch (duration) {
                case DurationExpr.Literal _, DurationExpr.Step _ -> true;
                case DurationExpr.Range _ -> false;
                case DurationExpr.Negated(var operand) -> stepwise(operand);
                case DurationExpr.Paren(var inner) -> stepwise(inner);
                case DurationExpr.Extreme(boolean _, var left, var right) ->
                        stepwise(left) && stepwise(right);
                case DurationExpr.Arithmetic(var _, var left, var right) ->
                        stepwise(left) && stepwise(right);
            };
        }

        /// @param expr planned: its durations are numbers
        StepReach reach(Expr expr) {
            return switch (expr) {
                case Expr.NumberLiteral _, Expr.StringLiteral _ -> STEP;
                case Expr.VectorSelector selector -> shifted(STEP, selector.shift());
                case Expr.MatrixSelector matrix -> matrix(matrix.selector());
                case Expr.Subquery subquery -> shifted(reach(subquery.expr()), subquery.shift());
                case Expr.Aggregate aggregate ->
                        aggregate
                                .parameter()
                                .map(this::reach)
                                .orElse(STEP)
                                .plus(reach(aggregate.expr()));
                case Expr.Binary binary -> reach(binary.left()).plus(reach(binary.right()));
                case Expr.Unary unary -> reach(unary.expr());
                case Expr.Call call ->
                        call.arguments().stream().map(this::reach).reduce(STEP, StepReach::plus);
                case Expr.Paren paren -> reach(paren.expr());
                case Expr.StepInvariant invariant -> reach(invariant.expr());
            };
        }

        private StepReach matrix(Expr.VectorSelector selector) {
            long laterMs = selector.extension() == Expr.Extension.SMOOTHED ? lookbackMs : 0;
            return shifted(new StepReach(laterMs, Long.MIN_VALUE), selector.shift());
        }

        /// What is reached from a step when the expression is looked at from elsewhere.
        private static StepReach shifted(StepReach inner, Expr.Shift shift) {
            long aheadMs = inner.laterMs - DurationExpr.ms(shift.offset());
            return switch (shift.at()) {
                case At.Time(long timeMs) ->
                        new StepReach(0, Math.max(inner.latestMs, timeMs + aheadMs));
                case At.OfStep _ -> new StepReach(Math.max(0, aheadMs), inner.latestMs);
                case At.Start _, At.End _ ->
                        throw new IllegalStateException("not planned: shift=" + shift);
            };
        }
    }
}
