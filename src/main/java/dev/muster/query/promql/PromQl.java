package dev.muster.query.promql;

import dev.muster.model.labels.LabelMatcher;
import java.util.List;

/// The language: from text to expression.
public final class PromQl {
    private PromQl() {}

    /// @throws QueryException of kind [QueryException.Kind#PARSE] with Prometheus' text, such as
    ///   `1:5: parse error: unexpected end of input`
    public static Expr parse(String query) throws QueryException {
        try {
            return Parser.parse(query);
        } catch (StackOverflowError e) {
            // Nesting is limited, but the caller's stack may be short.
            throw new QueryException(
                    QueryException.Kind.PARSE,
                    "query is nested too deeply for its thread",
                    null,
                    e);
        }
    }

    /// The matchers of a selector such as `up{job="a"}`, as parameters like `match[]` carry it.
    ///
    /// @throws QueryException of kind [QueryException.Kind#PARSE]
    public static List<LabelMatcher> parseSelector(String selector) throws QueryException {
        return Parser.selector(selector);
    }
}
