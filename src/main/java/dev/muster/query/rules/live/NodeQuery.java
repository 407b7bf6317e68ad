package dev.muster.query.rules.live;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.SeriesSource;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.QueryResult;
import dev.muster.query.load.ActiveQuery;
import dev.muster.query.load.Gate;
import dev.muster.query.load.Priority;
import dev.muster.query.load.QueryLoad;
import dev.muster.query.rules.RuleQuery;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Answers the queries of rules on a bounded number of threads of the system, in turns of the class
/// that goes before all others. Rules of a slow group wait for one another, those of other groups
/// do not wait for them. Thread-safe.
public final class NodeQuery implements AutoCloseable {
    /// Room for expressions as deep as the parser lets pass; only what is used takes memory.
    private static final long STACK_BYTES = 8 << 20;

    private final PromQlEngine engine;
    private final EngineConfig limits;
    private final SeriesSource source;
    private final QueryLoad load;
    private final ExecutorService threads;

    /// @param limits of one query
    /// @param source all series
    /// @param maxConcurrent how many queries run at one time
    public NodeQuery(
            PromQlEngine engine,
            EngineConfig limits,
            SeriesSource source,
            QueryLoad load,
            int maxConcurrent) {
        this.engine = engine;
        this.limits = limits;
        this.source = source;
        this.load = load;
        threads =
                Executors.newFixedThreadPool(
                        maxConcurrent,
                        Thread.ofPlatform()
                                .name("rules-", 0)
                                .stackSize(STACK_BYTES)
                                .daemon(true)
                                .factory());
    }

    /// Evaluates as the rule of that name.
    RuleQuery.Answer answer(String rule, String expr, long timeMs)
            throws QueryException, IOException {
        Future<RuleQuery.Answer> running = threads.submit(() -> evaluate(rule, expr, timeMs));
        try {
            return running.get();
        } catch (InterruptedException e) {
            running.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("query of rule was interrupted");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case QueryException wrong -> throw wrong;
                case IOException world -> throw world;
                case null, default -> throw new IOException("internal error: " + e.getCause(), e);
            }
        }
    }

    private RuleQuery.Answer evaluate(String rule, String expr, long timeMs)
            throws QueryException, IOException, InterruptedException {
        try (RuleBudget budget = new RuleBudget(limits, load.memory())) {
            ActiveQuery query =
                    load.active()
                            .begin(new ActiveQuery.Origin("rule", expr, 0, "rules", rule), budget);
            String outcome = "error";
            try (Gate.Place _ = load.gate().enter(Priority.RULES, limits.timeout())) {
                load.active().running(query);
                QueryResult result =
                        engine.instant(
                                source, expr, timeMs, QueryOptions.DEFAULT.withBudget(budget));
                outcome = "success";
                return new RuleQuery.Answer(
                        RuleQuery.samples(result.value()), result.completeness().ratio());
            } catch (Gate.RefusedException e) {
                load.metrics().refused(Priority.RULES);
                throw new IOException(String.valueOf(e.getMessage()), e);
            } catch (BudgetExceededException e) {
                throw new IOException(String.valueOf(e.getMessage()), e);
            } finally {
                load.active().end(query, outcome);
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
