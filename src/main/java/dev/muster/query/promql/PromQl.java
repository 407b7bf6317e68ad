package dev.muster.query.promql;

import dev.muster.model.labels.LabelMatcher;
import java.util.List;

/// The language: from text to expression.
public final class PromQl {
    private PromQl() {}

    /// @throws QueryException of kind [QueryException.Kind#PARSE] with Prometheus' text, such as
    ///   `1:5: parse error: unexpected end of input`
    public static Expr parse(String query) throws QueryException {
        return Parser.parse(query);
    }

    /// The matchers of a selector such as `up{job="a"}`, as parameters like `match[]` carry it.
    ///
    /// @throws QueryException of kind [QueryException.Kind#PARSE]
    public static List<LabelMatcher> parseSelector(String selector) throws QueryException {
        return Parser.selector(selector);
    }
}
