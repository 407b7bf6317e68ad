package dev.muster.promql;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.Steps;
import dev.muster.promql.QueryException.Kind;
import java.io.IOException;
import java.time.Duration;

/// Evaluates PromQL. Thread-safe.
public final class PromQlEngine {
    private final EngineConfig config;
    private final ParseCache parsed;

    public PromQlEngine(EngineConfig config) {
        this(config, ParseCache.NONE);
    }

    /// @param parsed keeps parsed queries for the next time
    public PromQlEngine(EngineConfig config, ParseCache parsed) {
        this.config = config;
        this.parsed = parsed;
    }

    /// The parsed query, from memory where it was parsed before.
    ///
    /// @throws QueryException of kind [Kind#PARSE]
    public Expr parse(String query) throws QueryException {
        return parsed.expr(query);
    }

    /// The value of the query at one time.
    ///
    /// @throws QueryException if it has no answer
    /// @throws IOException if the source cannot be read
    public QueryResult instant(SeriesSource source, String query, long timeMs, QueryOptions options)
            throws QueryException, IOException {
        Expr expr = parsed.expr(query);
        return run(source, query, expr, Steps.instant(timeMs), true, options);
    }

    /// The values of the query at every step; always a [MatrixValue].
    ///
    /// @throws QueryException if it has no answer
    /// @throws IOException if the source cannot be read
    public QueryResult range(SeriesSource source, String query, Steps steps, QueryOptions options)
            throws QueryException, IOException {
        checkPoints(steps);
        Expr expr = parsed.expr(query);
        if (expr.type() != ValueType.VECTOR && expr.type() != ValueType.SCALAR) {
            throw new QueryException(
                    Kind.PARSE,
                    "invalid expression type "
                            + StringText.quoted(expr.type().documented())
                            + " for range query, must be Scalar or instant Vector");
        }
        return run(source, query, expr, steps, false, options);
    }

    /// What would be done for the query, without doing it: its operators, and what their selectors
    /// would ask of a source.
    ///
    /// @param instant whether it is the plan at one time, that of the first step
    /// @throws QueryException if it has no answer
    public ExplainNode explain(String query, Steps steps, boolean instant, QueryOptions options)
            throws QueryException {
        if (!instant) {
            checkPoints(steps);
        }
        Expr plan = Planner.plan(parsed.expr(query), steps, instant);
        return ExplainNode.of(
                plan,
                steps,
                options.lookback().orElse(config.lookback()).toMillis(),
                config.defaultSubqueryStep().toMillis());
    }

    private void checkPoints(Steps steps) throws QueryException {
        long points = (steps.endMs() - steps.startMs()) / steps.stepMs();
        if (points > config.maxPoints()) {
            throw new QueryException(
                    Kind.PARSE,
                    String.format(
                            "exceeded maximum resolution of %,d points per timeseries. Try"
                                    + " decreasing the query resolution (?step=XX)",
                            config.maxPoints()));
        }
    }

    private QueryResult run(
            SeriesSource source,
            String query,
            Expr expr,
            Steps steps,
            boolean instant,
            QueryOptions options)
            throws QueryException, IOException {
        long startNanos = System.nanoTime();
        Duration timeout =
                options.timeout()
                        .filter(shorter -> shorter.compareTo(config.timeout()) < 0)
                        .orElse(config.timeout());
        QueryBudget budget =
                new QueryBudget(
                        config, options.budget(), startNanos + timeout.toNanos(), options.trace());
        QueryRun run =
                new QueryRun(
                        source,
                        steps,
                        instant,
                        options.lookback().orElse(config.lookback()).toMillis(),
                        config.defaultSubqueryStep().toMillis(),
                        config.parallelism(),
                        budget,
                        new Annotations(query));
        try {
            Expr plan = Planner.plan(expr, steps, instant);
            if (options.trace() != null) {
                options.trace().begin(ExplainNode.of(plan, run));
            }
            QueryValue value = new ResultBuilder(run, options.limit()).build(expr, plan);
            QueryStats stats =
                    new QueryStats(
                            budget.series(),
                            budget.samples(),
                            budget.peakMemoryBytes(),
                            System.nanoTime() - startNanos);
            Annotations annotations = run.annotations();
            return new QueryResult(
                    value,
                    annotations.warnings(),
                    annotations.infos(),
                    annotations.completeness(),
                    !annotations.sourceWarned(),
                    stats);
        } catch (BudgetExceededException e) {
            throw stopped(e);
        } catch (StackOverflowError e) {
            // The parser limits nesting, but the caller's stack may be short. Nothing outlives the
            // query, so nothing is left half done.
            throw new QueryException(
                    Kind.LIMIT, "query is nested too deeply for its thread", null, e);
        }
    }

    private static QueryException stopped(BudgetExceededException e) {
        Kind kind =
                switch (e.limit()) {
                    case QueryBudget.TIMEOUT -> Kind.TIMEOUT;
                    case QueryBudget.CANCELLED -> Kind.CANCELLED;
                    default -> Kind.LIMIT;
                };
        return new QueryException(kind, String.valueOf(e.getMessage()), null, e);
    }
}
