package dev.muster.promql;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.LabelText;
import dev.muster.model.labels.Labels;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/// Prints expressions on one line, as Prometheus does.
final class Printer {
    private Printer() {}

    static String print(Expr expr) {
        return switch (expr) {
            case Expr.NumberLiteral number -> number(number);
            case Expr.StringLiteral string -> StringText.quoted(string.value());
            case Expr.VectorSelector selector ->
                    selector(selector)
                            + at(selector.shift())
                            + extension(selector.extension())
                            + offset(selector.shift());
            case Expr.MatrixSelector matrix -> matrix(matrix);
            case Expr.Subquery subquery ->
                    subquery.expr()
                            + "["
                            + duration(subquery.range())
                            + ":"
                            + subquery.step().map(Printer::duration).orElse("")
                            + "]"
                            + at(subquery.shift())
                            + offset(subquery.shift());
            case Expr.Aggregate aggregate -> aggregate(aggregate);
            case Expr.Binary binary -> binary(binary);
            case Expr.Unary unary -> (unary.negative() ? "-" : "+") + unary.expr();
            case Expr.Call call ->
                    call.function().text()
                            + call.arguments().stream()
                                    .map(Expr::toString)
                                    .collect(Collectors.joining(", ", "(", ")"));
            case Expr.Paren paren -> "(" + paren.expr() + ")";
            case Expr.StepInvariant invariant -> print(invariant.expr());
        };
    }

    private static String number(Expr.NumberLiteral number) {
        if (number.duration()) {
            return DurationText.of(Math.round(number.value() * 1000));
        }
        return Numbers.plain(number.value());
    }

    private static String matrix(Expr.MatrixSelector matrix) {
        Expr.VectorSelector selector = matrix.selector();
        return selector(selector)
                + "["
                + duration(matrix.range())
                + "]"
                + extension(selector.extension())
                + at(selector.shift())
                + offset(selector.shift());
    }

    private static String selector(Expr.VectorSelector selector) {
        String matchers =
                selector.matchers().stream()
                        .filter(matcher -> !isName(matcher, selector.metric()))
                        .map(LabelMatcher::toString)
                        .sorted()
                        .collect(Collectors.joining(","));
        return matchers.isEmpty() && !selector.metric().isEmpty()
                ? selector.metric()
                : selector.metric() + "{" + matchers + "}";
    }

    private static boolean isName(LabelMatcher matcher, String metric) {
        return !metric.isEmpty()
                && matcher instanceof LabelMatcher.Equal(var name, var value)
                && name.equals(Labels.METRIC)
                && value.equals(metric);
    }

    private static String extension(Expr.Extension extension) {
        return switch (extension) {
            case NONE -> "";
            case ANCHORED -> " anchored";
            case SMOOTHED -> " smoothed";
        };
    }

    private static String at(Expr.Shift shift) {
        return switch (shift.at()) {
            case At.OfStep _ -> "";
            case At.Time(var ms) -> " @ " + Numbers.milliseconds(ms);
            case At.Start _ -> " @ start()";
            case At.End _ -> " @ end()";
        };
    }

    private static String offset(Expr.Shift shift) {
        return shift.hasOffset() ? " offset " + duration(shift.offset()) : "";
    }

    static String duration(DurationExpr duration) {
        return switch (duration) {
            case DurationExpr.Literal literal -> DurationText.of(literal.ms());
            case DurationExpr.Negated(var operand) -> "-" + duration(operand);
            case DurationExpr.Arithmetic(var operator, var left, var right) ->
                    duration(left) + " " + operator.text() + " " + duration(right);
            case DurationExpr.Step _ -> "step()";
            case DurationExpr.Range _ -> "range()";
            case DurationExpr.Extreme(var max, var left, var right) ->
                    (max ? "max_of(" : "min_of(") + duration(left) + ", " + duration(right) + ")";
            case DurationExpr.Paren(var inner) -> "(" + duration(inner) + ")";
        };
    }

    private static String aggregate(Expr.Aggregate aggregate) {
        String modifier = "";
        if (aggregate.without()) {
            modifier = " without (" + labels(aggregate.grouping()) + ") ";
        } else if (!aggregate.grouping().isEmpty()) {
            modifier = " by (" + labels(aggregate.grouping()) + ") ";
        }
        return aggregate.operator().text()
                + modifier
                + "("
                + aggregate.parameter().map(parameter -> parameter + ", ").orElse("")
                + aggregate.expr()
                + ")";
    }

    /// Operators that follow each other make a tree as deep as there are many, so the left sides
    /// are walked, not recursed into.
    private static String binary(Expr.Binary binary) {
        Deque<Expr.Binary> chain = new ArrayDeque<>();
        Expr first = binary;
        while (first instanceof Expr.Binary next) {
            chain.push(next);
            first = next.left();
        }
        StringBuilder text = new StringBuilder(print(first));
        for (Expr.Binary each : chain) {
            text.append(' ').append(each.operator().text());
            text.append(each.returnBool() ? " bool" : "");
            each.matching().ifPresent(matching -> text.append(matching(matching)));
            text.append(' ').append(print(each.right()));
        }
        return text.toString();
    }

    private static String matching(VectorMatching matching) {
        StringBuilder text = new StringBuilder();
        if (matching.on() || !matching.labels().isEmpty() || matching.isGrouping()) {
            text.append(matching.on() ? " on (" : " ignoring (")
                    .append(labels(matching.labels()))
                    .append(')');
        }
        if (matching.isGrouping()) {
            boolean left = matching.cardinality() == VectorMatching.Cardinality.MANY_TO_ONE;
            text.append(left ? " group_left (" : " group_right (")
                    .append(labels(matching.include()))
                    .append(')');
        }
        if (matching.fillLeft().isPresent() && matching.fillLeft().equals(matching.fillRight())) {
            return text.append(fill(" fill", matching.fillLeft().getAsDouble())).toString();
        }
        matching.fillLeft().ifPresent(value -> text.append(fill(" fill_left", value)));
        matching.fillRight().ifPresent(value -> text.append(fill(" fill_right", value)));
        return text.toString();
    }

    private static String fill(String word, double value) {
        return word + " (" + Numbers.general(value) + ")";
    }

    private static String labels(List<String> names) {
        return names.stream().map(LabelText::name).collect(Collectors.joining(", "));
    }
}
