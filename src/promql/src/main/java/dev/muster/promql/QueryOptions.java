package dev.muster.promql;

import dev.muster.model.series.ReadBudget;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one query asks for beside its text.
///
/// @param timeout shorter than that of the engine where it is set
/// @param lookback in place of that of the engine
/// @param budget charged beside the engine's own limits; its `check` is called between series, so
///   that a caller stops the query by throwing there a
///   [dev.muster.model.series.BudgetExceededException]; its limit `cancelled` or `timeout` makes a
///   [QueryException] of that kind
/// @param limit most series in the answer, the rest is cut with a warning; 0 for all
/// @param trace to be filled with what every operator does; null costs nothing
/// @param countsSteps whether to count the samples that each step looks at; nothing is then
///   delegated
public record QueryOptions(
        Optional<Duration> timeout,
        Optional<Duration> lookback,
        ReadBudget budget,
        int limit,
        @Nullable QueryTrace trace,
        boolean countsSteps) {
    /// As the engine is configured.
    public static final QueryOptions DEFAULT =
            new QueryOptions(
                    Optional.empty(), Optional.empty(), ReadBudget.UNLIMITED, 0, null, false);

    public QueryOptions {
        if (limit < 0) {
            throw new IllegalArgumentException("limit must not be negative: limit=" + limit);
        }
    }

    public QueryOptions withTimeout(Duration newTimeout) {
        return new QueryOptions(
                Optional.of(newTimeout), lookback, budget, limit, trace, countsSteps);
    }

    public QueryOptions withLookback(Duration newLookback) {
        return new QueryOptions(
                timeout, Optional.of(newLookback), budget, limit, trace, countsSteps);
    }

    public QueryOptions withBudget(ReadBudget newBudget) {
        return new QueryOptions(timeout, lookback, newBudget, limit, trace, countsSteps);
    }

    public QueryOptions withLimit(int newLimit) {
        return new QueryOptions(timeout, lookback, budget, newLimit, trace, countsSteps);
    }

    /// @param newTrace of this query alone
    public QueryOptions withTrace(QueryTrace newTrace) {
        return new QueryOptions(timeout, lookback, budget, limit, newTrace, countsSteps);
    }

    /// Counting the samples that each step looks at.
    public QueryOptions countingSteps() {
        return new QueryOptions(timeout, lookback, budget, limit, trace, true);
    }
}
