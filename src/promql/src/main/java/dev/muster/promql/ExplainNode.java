package dev.muster.promql;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.time.Steps;
import dev.muster.model.time.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An operator of a plan, and the ones below it. Immutable but for its counters.
public final class ExplainNode {
    private final Expr expr;
    private final String operator;
    private final Steps steps;
    private final Optional<Reads> reads;
    private final List<ExplainNode> children;
    private final TraceCounters counters = new TraceCounters();

    /// What a selector asks of the source.
    ///
    /// @param matchers all of them hold for its series
    /// @param range the time in which it needs samples
    public record Reads(List<LabelMatcher> matchers, TimeRange range) {
        public Reads {
            matchers = List.copyOf(matchers);
        }
    }

    private ExplainNode(
            Expr expr,
            String operator,
            Steps steps,
            Optional<Reads> reads,
            List<ExplainNode> children) {
        this.expr = expr;
        this.operator = operator;
        this.steps = steps;
        this.reads = reads;
        this.children = List.copyOf(children);
    }

    static ExplainNode of(Expr plan, QueryRun run) {
        return of(plan, run.steps(), run.lookbackMs(), run.defaultSubqueryStepMs());
    }

    static ExplainNode of(Expr plan, Steps steps, long lookbackMs, long defaultSubqueryStepMs) {
        return new Builder(lookbackMs, defaultSubqueryStepMs).node(plan, steps);
    }

    Expr expr() {
        return expr;
    }

    /// What kind of operator it is, such as `sum`, `rate`, `join +` or `selector`.
    public String operator() {
        return operator;
    }

    /// Its expression after planning, as text.
    public String text() {
        return expr.toString();
    }

    /// At which times it is evaluated.
    public Steps steps() {
        return steps;
    }

    /// What it asks of the source itself, not through the ones below it.
    public Optional<Reads> reads() {
        return reads;
    }

    /// Operators whose series it takes.
    public List<ExplainNode> children() {
        return children;
    }

    /// What it has done; all zero where the plan was not run.
    public TraceCounters counters() {
        return counters;
    }

    /// Time in this operator and those below it, of all threads together.
    public long totalNanos() {
        long nanos = counters.selfNanos();
        for (ExplainNode child : children) {
            nanos += child.totalNanos();
        }
        return nanos;
    }

    private record Builder(long lookbackMs, long defaultSubqueryStepMs) {
        ExplainNode node(Expr expr, Steps steps) {
            return switch (expr) {
                case Expr.NumberLiteral _ -> leaf(expr, "number", steps);
                case Expr.StringLiteral _ -> leaf(expr, "text", steps);
                case Expr.VectorSelector selector -> selector(expr, selector, 0, steps);
                case Expr.MatrixSelector matrix ->
                        selector(expr, matrix.selector(), DurationExpr.ms(matrix.range()), steps);
                case Expr.Subquery subquery -> subquery(subquery, steps);
                case Expr.Paren paren -> node(paren.expr(), steps);
                case Expr.StepInvariant invariant ->
                        inner(
                                expr,
                                "step-invariant",
                                steps,
                                List.of(invariant.expr()),
                                Steps.instant(steps.startMs()));
                case Expr.Unary unary ->
                        inner(
                                expr,
                                unary.negative() ? "negate" : "plus",
                                steps,
                                List.of(unary.expr()),
                                steps);
                case Expr.Aggregate aggregate -> aggregate(aggregate, steps);
                case Expr.Binary binary ->
                        inner(
                                expr,
                                kind(binary) + " " + binary.operator().text(),
                                steps,
                                List.of(binary.left(), binary.right()),
                                steps);
                case Expr.Call call ->
                        inner(expr, call.function().text(), steps, call.arguments(), steps);
            };
        }

        private static ExplainNode leaf(Expr expr, String operator, Steps steps) {
            return new ExplainNode(expr, operator, steps, Optional.empty(), List.of());
        }

        private ExplainNode inner(
                Expr expr, String operator, Steps steps, List<Expr> below, Steps stepsBelow) {
            List<ExplainNode> children = new ArrayList<>();
            for (Expr each : below) {
                boolean constant =
                        each instanceof Expr.NumberLiteral || each instanceof Expr.StringLiteral;
                if (!constant) {
                    children.add(node(each, stepsBelow));
                }
            }
            return new ExplainNode(expr, operator, steps, Optional.empty(), children);
        }

        private static String kind(Expr.Binary binary) {
            boolean vectors =
                    binary.left().type() == ValueType.VECTOR
                            && binary.right().type() == ValueType.VECTOR;
            if (!vectors) {
                return "with scalar";
            }
            return binary.operator().isSet() ? "set" : "join";
        }

        private ExplainNode aggregate(Expr.Aggregate aggregate, Steps steps) {
            List<Expr> below = new ArrayList<>();
            aggregate.parameter().ifPresent(below::add);
            below.add(aggregate.expr());
            return inner(aggregate, aggregate.operator().text(), steps, below, steps);
        }

        private ExplainNode selector(
                Expr expr, Expr.VectorSelector selector, long rangeMs, Steps steps) {
            StepTimes times = new StepTimes(selector.shift(), steps);
            boolean extended = selector.extension() != Expr.Extension.NONE;
            long beforeMs = rangeMs == 0 ? lookbackMs : rangeMs + (extended ? lookbackMs : 0);
            long afterMs = selector.extension() == Expr.Extension.SMOOTHED ? lookbackMs : 0;
            TimeRange range =
                    TimeRange.closed(times.firstMs() - beforeMs + 1, times.lastMs() + afterMs);
            return new ExplainNode(
                    expr,
                    rangeMs == 0 ? "selector" : "window",
                    steps,
                    Optional.of(new Reads(selector.matchers(), range)),
                    List.of());
        }

        private ExplainNode subquery(Expr.Subquery subquery, Steps steps) {
            StepTimes times = new StepTimes(subquery.shift(), steps);
            long stepMs = subquery.step().map(DurationExpr::ms).orElse(defaultSubqueryStepMs);
            long afterMs = times.firstMs() - DurationExpr.ms(subquery.range());
            long firstMs = Math.floorDiv(afterMs, stepMs) * stepMs + stepMs;
            Steps inside = new Steps(Math.min(firstMs, times.lastMs()), times.lastMs(), stepMs);
            return inner(subquery, "subquery", steps, List.of(subquery.expr()), inside);
        }
    }
}
