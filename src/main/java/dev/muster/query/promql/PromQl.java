package dev.muster.query.promql;

/// The language: from text to expression.
public final class PromQl {
    private PromQl() {}

    /// @throws QueryException of kind [QueryException.Kind#PARSE] with Prometheus' text, such as
    ///   `1:5: parse error: unexpected end of input`
    public static Expr parse(String query) throws QueryException {
        throw QueryException.execution("the parser does not exist yet: query=" + query);
    }
}
