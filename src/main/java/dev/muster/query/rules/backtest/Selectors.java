package dev.muster.query.rules.backtest;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.promql.Expr;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The selectors of an expression.
final class Selectors {
    private static final Pattern PLAIN = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

    private Selectors() {}

    /// All of them, in order, each once.
    static List<Expr.VectorSelector> of(Expr expr) {
        Set<Expr.VectorSelector> found = new LinkedHashSet<>();
        collect(expr, found);
        return List.copyOf(found);
    }

    private static void collect(Expr expr, Set<Expr.VectorSelector> found) {
        switch (expr) {
            case Expr.VectorSelector selector -> found.add(selector);
            case Expr.MatrixSelector matrix -> found.add(matrix.selector());
            case Expr.Subquery subquery -> collect(subquery.expr(), found);
            case Expr.Aggregate aggregate -> {
                collect(aggregate.expr(), found);
                aggregate.parameter().ifPresent(each -> collect(each, found));
            }
            case Expr.Binary binary -> {
                collect(binary.left(), found);
                collect(binary.right(), found);
            }
            case Expr.Unary unary -> collect(unary.expr(), found);
            case Expr.Paren paren -> collect(paren.expr(), found);
            case Expr.StepInvariant invariant -> collect(invariant.expr(), found);
            case Expr.Call call -> call.arguments().forEach(each -> collect(each, found));
            case Expr.NumberLiteral _, Expr.StringLiteral _ -> {}
        }
    }

    /// A selector as people write it, without its time: `up{job="db"}`.
    static String text(Expr.VectorSelector selector) {
        Optional<String> name =
                selector.matchers().stream().flatMap(each -> plainName(each).stream()).findFirst();
        String rest =
                selector.matchers().stream()
                        .filter(matcher -> plainName(matcher).isEmpty())
                        .map(LabelMatcher::toString)
                        .collect(Collectors.joining(","));
        return name.orElse("") + (rest.isEmpty() && name.isPresent() ? "" : "{" + rest + "}");
    }

    private static Optional<String> plainName(LabelMatcher matcher) {
        return matcher instanceof LabelMatcher.Equal(var label, var value)
                        && label.equals("__name__")
                        && PLAIN.matcher(value).matches()
                ? Optional.of(value)
                : Optional.empty();
    }
}
