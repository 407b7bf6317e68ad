package dev.muster.promql;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.Steps;
import dev.muster.promql.QueryException.Kind;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartRemark;
import dev.muster.promql.part.PartSink;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

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

    /// The same with who would be asked to answer which of the operators.
    ///
    /// @param source would be asked; is asked for nothing but that
    /// @throws QueryException if it has no answer
    /// @throws IOException if the source cannot tell
    public ExplainNode explain(
            SeriesSource source, String query, Steps steps, boolean instant, QueryOptions options)
            throws QueryException, IOException {
        ExplainNode plan = explain(query, steps, instant, options);
        new Evaluation(queryRun(source, query, steps, instant, options)).explain(plan);
        return plan;
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
        QueryRun run = queryRun(source, query, steps, instant, options);
        QueryBudget budget = run.budget();
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
                            Optional.ofNullable(run.counted()),
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
            throw tooDeep(e);
        }
    }

    private QueryRun queryRun(
            SeriesSource source, String query, Steps steps, boolean instant, QueryOptions options) {
        Duration timeout =
                options.timeout()
                        .filter(shorter -> shorter.compareTo(config.timeout()) < 0)
                        .orElse(config.timeout());
        QueryBudget budget =
                new QueryBudget(
                        config,
                        options.budget(),
                        System.nanoTime() + timeout.toNanos(),
                        options.trace());
        return new QueryRun(
                source,
                steps,
                instant,
                options.lookback().orElse(config.lookback()).toMillis(),
                config.defaultSubqueryStep().toMillis(),
                config.parallelism(),
                budget,
                new Annotations(query),
                options.countsSteps() ? new StepSamples(steps) : null);
    }

    /// Answers a part of a query with the series of a source: what the answering side does with
    /// what [dev.muster.promql.part.Part#ask] was given. The sink gets all series, then all
    /// remarks, then what was spent. Parts that the source itself may know are not asked.
    ///
    /// @param options its budget is charged; lookback and a longer timeout are those of the part
    /// @throws QueryException if it has no answer; to be sent as a
    ///   [dev.muster.promql.part.PartException] of the same kind and message
    /// @throws IOException if the source cannot be read, or the sink does not take more
    public void part(SeriesSource source, PartQuery query, PartSink sink, QueryOptions options)
            throws QueryException, IOException {
        Duration timeout =
                options.timeout()
                        .filter(shorter -> shorter.compareTo(query.timeout()) < 0)
                        .orElse(query.timeout());
        checkPoints(query.steps());
        Expr expr = parsed.expr(query.expr());
        if (expr.type() != ValueType.VECTOR) {
            throw new QueryException(
                    Kind.PARSE,
                    "a part must be an instant vector: type=" + expr.type().documented());
        }
        QueryRun run =
                queryRun(
                                source,
                                query.expr(),
                                query.steps(),
                                query.instant(),
                                options.withTimeout(timeout).withLookback(query.lookback()))
                        .withSubqueryStep(query.subqueryStep().toMillis());
        try {
            Expr plan = Planner.plan(expr, query.steps(), query.instant());
            PartAnswer.send(new Evaluation(run).withoutParts(), plan, query.steps(), sink);
            for (PartRemark remark : run.annotations().remarks()) {
                sink.remark(remark);
            }
            Completeness completeness = run.annotations().completeness();
            if (completeness.expectedMs() > 0) {
                sink.completeness(completeness);
            }
            sink.spent(run.budget().series(), run.budget().samples());
        } catch (BudgetExceededException e) {
            throw stopped(e);
        } catch (StackOverflowError e) {
            throw tooDeep(e);
        }
    }

    /// The parser limits nesting, but the caller's stack may be short. Nothing outlives the query,
    /// so nothing is left half done.
    private static QueryException tooDeep(StackOverflowError e) {
        return new QueryException(Kind.LIMIT, "query is nested too deeply for its thread", null, e);
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
