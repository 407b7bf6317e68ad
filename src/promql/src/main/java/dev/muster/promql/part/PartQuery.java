package dev.muster.promql.part;

import dev.muster.model.time.Steps;
import java.time.Duration;

/// A part of a query that is *series-local*: each series of its answer is made of one series of the
/// source, or of a group of them under the one aggregation on top. It can so be answered where the
/// series are, by each place for its own series.
///
/// @param expr PromQL text in canonical form. It has selectors, range functions (subqueries too),
///   element-wise functions, arithmetic with scalars that are the same everywhere, and optionally
///   one aggregation on top: sum, avg, count, group, min, max, stddev, stdvar, topk, bottomk,
///   count_values, limitk, limit_ratio. All its durations are numbers. `@` stands in it only where
///   there is one step
/// @param steps at which it is to be answered; [PartSource#plan] gets all steps of the expression,
///   [Part#ask] those that parts are to answer
/// @param lookback how long a sample stands for its series in an instant vector; above 0
/// @param subqueryStep resolution of a subquery that names none; above 0
/// @param instant whether the whole query is an instant query
/// @param timeout how long the answer may take at most; above 0
public record PartQuery(
        String expr,
        Steps steps,
        Duration lookback,
        Duration subqueryStep,
        boolean instant,
        Duration timeout) {
    /// Most steps that are asked of a part.
    public static final int STEPS_LIMIT = 100_000;

    public PartQuery {
        if (steps.count() > STEPS_LIMIT) {
            throw new IllegalArgumentException(
                    "a part must not be asked for more steps: limit="
                            + STEPS_LIMIT
                            + ", steps="
                            + steps.count());
        }
        requirePositive("lookback", lookback);
        requirePositive("subqueryStep", subqueryStep);
        requirePositive("timeout", timeout);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.toMillis() <= 0) {
            throw new IllegalArgumentException(
                    "part query: duration must be at least 1 ms: " + name + "=" + value);
        }
    }

    /// The same at other steps.
    public PartQuery withSteps(Steps newSteps) {
        return new PartQuery(expr, newSteps, lookback, subqueryStep, instant, timeout);
    }
}
