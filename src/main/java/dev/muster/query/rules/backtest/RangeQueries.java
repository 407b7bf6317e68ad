package dev.muster.query.rules.backtest;

import dev.muster.model.time.Steps;
import dev.muster.promql.MatrixValue;
import dev.muster.promql.QueryException;
import java.io.IOException;

/// Answers the queries of a back-test.
public interface RangeQueries {
    /// The values of an expression at each step.
    MatrixValue answer(String expr, Steps steps) throws QueryException, IOException;

    /// Whether there is time for more.
    boolean hasTime();
}
