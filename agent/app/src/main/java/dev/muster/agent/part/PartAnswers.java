package dev.muster.agent.part;

import dev.muster.model.labels.Labels;
import dev.muster.model.merge.ForeignSeriesException;
import dev.muster.model.merge.OwnedSource;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SeriesSource;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.part.PartException;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/// Evaluates parts of queries over the agent's series. Thread-safe.
public final class PartAnswers {
    private final SeriesSource source;
    private final PromQlEngine engine;
    private final Duration timeout;

    /// @param source holds the series
    /// @param owner labels that tell this agent's series from those of all others
    /// @param limits of each
    public PartAnswers(SeriesSource source, Labels owner, PartLimits limits) {
        this.source = OwnedSource.of(source, owner);
        timeout = limits.timeout();
        engine =
                new PromQlEngine(
                        new EngineConfig(
                                EngineConfig.DEFAULT.lookback(),
                                timeout,
                                EngineConfig.DEFAULT.defaultSubqueryStep(),
                                PartQuery.STEPS_LIMIT,
                                limits.maxSamples(),
                                limits.maxSeries(),
                                Long.MAX_VALUE,
                                limits.maxMemoryBytes(),
                                1));
    }

    /// Writes the whole answer. One without its end frame is to be taken for cut.
    ///
    /// @param budget asked whether to go on
    /// @return why there is no answer; empty if there is one
    /// @throws ForeignSeriesException if a series is not this agent's own, so that others may have
    ///   it, too
    /// @throws IOException if it cannot be sent, or the series cannot be read
    public Optional<PartException.Kind> answer(PartQuery query, OutputStream out, ReadBudget budget)
            throws IOException {
        PartWriter writer = new PartWriter(out);
        Duration shorter = query.timeout().compareTo(timeout) < 0 ? query.timeout() : timeout;
        try {
            engine.part(
                    source,
                    query,
                    writer,
                    QueryOptions.DEFAULT.withBudget(budget).withTimeout(shorter));
            writer.end();
            return Optional.empty();
        } catch (QueryException e) {
            PartException.Kind kind = kind(e.kind());
            writer.fail(kind, String.valueOf(e.getMessage()));
            return Optional.of(kind);
        }
    }

    private static PartException.Kind kind(QueryException.Kind kind) {
        return switch (kind) {
            case PARSE -> PartException.Kind.PARSE;
            case EXECUTION -> PartException.Kind.EXECUTION;
            case LIMIT -> PartException.Kind.LIMIT;
            case TIMEOUT -> PartException.Kind.TIMEOUT;
            case CANCELLED -> PartException.Kind.CANCELLED;
        };
    }
}
