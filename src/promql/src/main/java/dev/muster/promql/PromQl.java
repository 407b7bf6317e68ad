package dev.muster.promql;

import dev.muster.model.labels.LabelMatcher;
import java.util.ArrayList;
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

    /// The matchers of each selector of an expression, in the order in which they stand.
    public static List<List<LabelMatcher>> selectors(Expr expr) {
        List<List<LabelMatcher>> selectors = new ArrayList<>();
        addSelectors(expr, selectors);
        return selectors;
    }

    private static void addSelectors(Expr expr, List<List<LabelMatcher>> into) {
        switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _ -> {}
            case Expr.VectorSelector selector -> into.add(selector.matchers());
            case Expr.MatrixSelector matrix -> into.add(matrix.selector().matchers());
            case Expr.Subquery subquery -> addSelectors(subquery.expr(), into);
            case Expr.Aggregate aggregate -> {
                aggregate.parameter().ifPresent(parameter -> addSelectors(parameter, into));
                addSelectors(aggregate.expr(), into);
            }
            case Expr.Binary binary -> {
                addSelectors(binary.left(), into);
                addSelectors(binary.right(), into);
            }
            case Expr.Unary unary -> addSelectors(unary.expr(), into);
            case Expr.Call call -> call.arguments().forEach(one -> addSelectors(one, into));
            case Expr.Paren paren -> addSelectors(paren.expr(), into);
            case Expr.StepInvariant invariant -> addSelectors(invariant.expr(), into);
        }
    }
}
