package dev.muster.query.promql;

import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.Steps;
import java.io.IOException;

/// Evaluates PromQL. Thread-safe.
public final class PromQlEngine {
    private final EngineConfig config;

    public PromQlEngine(EngineConfig config) {
        this.config = config;
    }

    /// The value of the query at one time.
    ///
    /// @throws QueryException if it has no answer
    /// @throws IOException if the source cannot be read
    public QueryResult instant(SeriesSource source, String query, long timeMs, QueryOptions options)
            throws QueryException, IOException {
        PromQl.parse(query);
        throw QueryException.execution("the evaluator does not exist yet: config=" + config);
    }

    /// The values of the query at every step; always a [MatrixValue].
    ///
    /// @throws QueryException if it has no answer
    /// @throws IOException if the source cannot be read
    public QueryResult range(SeriesSource source, String query, Steps steps, QueryOptions options)
            throws QueryException, IOException {
        PromQl.parse(query);
        throw QueryException.execution("the evaluator does not exist yet: config=" + config);
    }
}
