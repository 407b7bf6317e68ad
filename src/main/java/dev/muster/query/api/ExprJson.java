package dev.muster.query.api;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.promql.At;
import dev.muster.promql.DurationExpr;
import dev.muster.promql.Expr;
import dev.muster.promql.ValueType;
import dev.muster.promql.VectorMatching;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// Parsed queries as Prometheus' API writes them: an object for each expression, with its `type`.
final class ExprJson {
    private final JsonWriter json;

    private ExprJson(JsonWriter json) {
        this.json = json;
    }

    static void write(Expr expr, JsonWriter json) throws IOException {
        new ExprJson(json).expr(expr);
    }

    private void expr(Expr expr) throws IOException {
        json.beginObject().name("type").value(typeOf(expr));
        switch (expr) {
            case Expr.NumberLiteral number -> json.name("val").value(plain(number.value()));
            case Expr.StringLiteral text -> json.name("val").value(text.value());
            case Expr.VectorSelector selector -> selector(selector);
            case Expr.MatrixSelector matrix -> {
                selector(matrix.selector());
                duration("range", matrix.range());
            }
            case Expr.Subquery subquery -> subquery(subquery);
            case Expr.Aggregate aggregate -> aggregate(aggregate);
            case Expr.Binary binary -> binary(binary);
            case Expr.Unary unary -> {
                json.name("op").value(unary.negative() ? "-" : "+");
                member("expr", unary.expr());
            }
            case Expr.Call call -> call(call);
            case Expr.Paren paren -> member("expr", paren.expr());
            case Expr.StepInvariant _ ->
                    throw new IllegalStateException("not an expression of the parser: " + expr);
        }
        json.endObject();
    }

    private static String typeOf(Expr expr) {
        return switch (expr) {
            case Expr.NumberLiteral _ -> "numberLiteral";
            case Expr.StringLiteral _ -> "stringLiteral";
            case Expr.VectorSelector _ -> "vectorSelector";
            case Expr.MatrixSelector _ -> "matrixSelector";
            case Expr.Subquery _ -> "subquery";
            case Expr.Aggregate _ -> "aggregation";
            case Expr.Binary _ -> "binaryExpr";
            case Expr.Unary _ -> "unaryExpr";
            case Expr.Call _ -> "call";
            case Expr.Paren _ -> "parenExpr";
            case Expr.StepInvariant _ -> "stepInvariant";
        };
    }

    private void member(String name, Expr expr) throws IOException {
        json.name(name);
        expr(expr);
    }

    private void selector(Expr.VectorSelector selector) throws IOException {
        json.name("name").value(selector.metric());
        json.name("matchers").beginArray();
        boolean named = !selector.metric().isEmpty();
        LabelMatcher name = LabelMatcher.equal(Labels.METRIC, selector.metric());
        for (LabelMatcher matcher : selector.matchers()) {
            if (!named || !matcher.equals(name)) {
                matcher(matcher);
            }
        }
        if (named) {
            matcher(name);
        }
        json.endArray();
        shift(selector.shift());
        json.name("anchored").value(selector.extension() == Expr.Extension.ANCHORED);
        json.name("smoothed").value(selector.extension() == Expr.Extension.SMOOTHED);
    }

    private void matcher(LabelMatcher matcher) throws IOException {
        json.beginObject().name("name").value(matcher.name());
        switch (matcher) {
            case LabelMatcher.Equal equal -> operator("=", equal.value());
            case LabelMatcher.NotEqual notEqual -> operator("!=", notEqual.value());
            case LabelMatcher.Regex regex -> operator("=~", regex.pattern().text());
            case LabelMatcher.NotRegex notRegex -> operator("!~", notRegex.pattern().text());
        }
        json.endObject();
    }

    private void operator(String type, String value) throws IOException {
        json.name("type").value(type).name("value").value(value);
    }

    private void shift(Expr.Shift shift) throws IOException {
        duration("offset", shift.offset());
        json.name("timestamp");
        if (shift.at() instanceof At.Time(long timestampMs)) {
            json.value(timestampMs);
        } else {
            json.json("null");
        }
        json.name("startOrEnd");
        switch (shift.at()) {
            case At.Start _ -> json.value("start");
            case At.End _ -> json.value("end");
            case At.Time _, At.OfStep _ -> json.json("null");
        }
    }

    /// Milliseconds; of a duration that is yet to be computed 0, and its text beside it.
    private void duration(String name, DurationExpr duration) throws IOException {
        if (duration instanceof DurationExpr.Literal literal) {
            json.name(name).value(literal.ms());
        } else {
            json.name(name).value(0).name(name + "Expr").value(duration.text());
        }
    }

    private void subquery(Expr.Subquery subquery) throws IOException {
        member("expr", subquery.expr());
        duration("range", subquery.range());
        duration("step", subquery.step().orElse(new DurationExpr.Literal(0)));
        shift(subquery.shift());
    }

    private void aggregate(Expr.Aggregate aggregate) throws IOException {
        json.name("op").value(aggregate.operator().text());
        member("expr", aggregate.expr());
        if (aggregate.parameter().isPresent()) {
            member("param", aggregate.parameter().get());
        } else {
            json.name("param").json("null");
        }
        json.name("grouping").strings(aggregate.grouping());
        json.name("without").value(aggregate.without());
    }

    private void binary(Expr.Binary binary) throws IOException {
        json.name("op").value(binary.operator().text());
        member("lhs", binary.left());
        member("rhs", binary.right());
        json.name("matching");
        if (binary.matching().isPresent()) {
            matching(binary.matching().get());
        } else {
            json.json("null");
        }
        json.name("bool").value(binary.returnBool());
    }

    private void matching(VectorMatching matching) throws IOException {
        String cardinality = matching.cardinality().name().toLowerCase(Locale.ROOT);
        json.beginObject().name("card").value(cardinality.replace('_', '-'));
        json.name("labels").strings(matching.labels());
        json.name("on").value(matching.on());
        json.name("include").strings(matching.include());
        json.name("fillValues").beginObject();
        fill("lhs", matching.fillLeft());
        fill("rhs", matching.fillRight());
        json.endObject().endObject();
    }

    private void fill(String side, OptionalDouble value) throws IOException {
        json.name(side);
        if (value.isPresent()) {
            json.number(value.getAsDouble());
        } else {
            json.json("null");
        }
    }

    private void call(Expr.Call call) throws IOException {
        json.name("func").beginObject().name("name").value(call.function().text());
        List<String> types = call.function().arguments().stream().map(ValueType::text).toList();
        json.name("argTypes").strings(types);
        json.name("variadic").value(call.function().variadic());
        json.name("returnType").value(call.function().returns().text()).endObject();
        json.name("args").beginArray();
        for (Expr argument : call.arguments()) {
            expr(argument);
        }
        json.endArray();
    }

    /// All digits, no exponent.
    private static String plain(double value) {
        if (!Double.isFinite(value)) {
            return GoNumbers.text(value);
        }
        return value == 0
                ? "0"
                : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
}
