package dev.muster.query.api;

import dev.muster.promql.QueryException;
import java.io.IOException;

/// Answers one kind of call. Runs on a thread of its own that may block. Thread-safe.
@FunctionalInterface
interface Operation {
    /// @throws ApiException if the call is wrong
    /// @throws QueryException if the query has no answer
    /// @throws IOException if no source can be read
    Answer answer(Call call) throws ApiException, QueryException, IOException;
}
