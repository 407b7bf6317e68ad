package dev.muster.query.template;

import dev.muster.promql.DurationText;
import dev.muster.query.template.TemplateFunction.Kind;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The functions that Prometheus gives to the templates of alerts.
public final class PrometheusFunctions {
    private final QueryFunction query;
    private final double nowSeconds;
    private final Optional<URI> externalUrl;

    /// Answers the queries of a template.
    @FunctionalInterface
    public interface QueryFunction {
        /// @throws TemplateException if there is no answer; the message says why
        List<QuerySample> query(String query) throws TemplateException;
    }

    private PrometheusFunctions(QueryFunction query, long timeMs, Optional<URI> externalUrl) {
        this.query = query;
        nowSeconds = timeMs / 1000.0;
        this.externalUrl = externalUrl;
    }

    /// @param query answers the function `query`
    /// @param timeMs of the evaluation
    /// @param externalUrl under which the answers of this server are found
    public static Map<String, TemplateFunction> of(
            QueryFunction query, long timeMs, Optional<URI> externalUrl) {
        return new PrometheusFunctions(query, timeMs, externalUrl).all();
    }

    private Map<String, TemplateFunction> all() {
        Map<String, TemplateFunction> all = new HashMap<>();
        addVectors(all);
        addTexts(all);
        addNumbers(all);
        all.put("args", new TemplateFunction(List.of(), Kind.ANY, PrometheusFunctions::args));
        all.put(
                "pathPrefix",
                TemplateFunction.of(List.of(), _ -> externalUrl.map(URI::getPath).orElse("")));
        all.put(
                "externalURL",
                TemplateFunction.of(List.of(), _ -> externalUrl.map(URI::toString).orElse("")));
        all.put("now", TemplateFunction.of(List.of(), _ -> nowSeconds));
        return all;
    }

    private void addVectors(Map<String, TemplateFunction> all) {
        all.put("query", text(query::query));
        all.put(
                "first",
                TemplateFunction.of(
                        List.of(Kind.VECTOR),
                        arguments -> {
                            List<?> vector = (List<?>) arguments.getFirst();
                            if (vector == null || vector.isEmpty()) {
                                throw new TemplateException(
                                        "first() called on vector with no elements");
                            }
                            return vector.getFirst();
                        }));
        all.put(
                "label",
                TemplateFunction.of(
                        List.of(Kind.TEXT, Kind.SAMPLE),
                        arguments -> sample(arguments.get(1)).labels().get(word(arguments, 0))));
        all.put(
                "value",
                TemplateFunction.of(
                        List.of(Kind.SAMPLE), arguments -> sample(arguments.getFirst()).value()));
        all.put(
                "strvalue",
                TemplateFunction.of(
                        List.of(Kind.SAMPLE),
                        arguments -> sample(arguments.getFirst()).labels().get("__value__")));
        all.put(
                "sortByLabel",
                TemplateFunction.of(
                        List.of(Kind.TEXT, Kind.VECTOR),
                        arguments -> sorted(word(arguments, 0), arguments.get(1))));
    }

    private static List<?> sorted(String label, @Nullable Object vector) {
        List<Object> sorted = new ArrayList<>(vector instanceof List<?> list ? list : List.of());
        sorted.sort(Comparator.comparing(each -> sample(each).labels().get(label)));
        return sorted;
    }

    private static QuerySample sample(@Nullable Object value) {
        return value instanceof QuerySample sample ? sample : new QuerySample(Words.EMPTY, 0);
    }

    private void addTexts(Map<String, TemplateFunction> all) {
        TextCalls.addTo(all);
        all.put("safeHtml", text(text -> text));
        all.put("graphLink", text(text -> link(text, 0)));
        all.put("tableLink", text(text -> link(text, 1)));
        all.put("stripPort", text(HostPort::stripPort));
        all.put("stripDomain", text(HostPort::stripDomain));
        all.put(
                "parseDuration",
                text(text -> {
                    try {
                        return DurationText.parseMs(text) / 1000.0;
                    } catch (IllegalArgumentException e) {
                        throw new TemplateException(String.valueOf(e.getMessage()));
                    }
                }));
    }

    private static void addNumbers(Map<String, TemplateFunction> all) {
        all.put("humanize", number(Humanize::number));
        all.put("humanize1024", number(Humanize::binary));
        all.put("humanizeDuration", number(Humanize::duration));
        all.put("humanizePercentage", number(Humanize::percentage));
        all.put("humanizeTimestamp", number(Humanize::timestamp));
        all.put("toTime", number(Humanize::time));
    }

    @FunctionalInterface
    private interface OfText {
        @Nullable Object apply(String text) throws TemplateException;
    }

    @FunctionalInterface
    private interface OfNumber {
        Object apply(double number) throws TemplateException;
    }

    private static TemplateFunction text(OfText body) {
        return TemplateFunction.of(List.of(Kind.TEXT), arguments -> body.apply(word(arguments, 0)));
    }

    private static TemplateFunction number(OfNumber body) {
        return TemplateFunction.of(
                List.of(Kind.ANY),
                arguments -> body.apply(Humanize.toNumber(arguments.getFirst())));
    }

    private static String word(List<@Nullable Object> arguments, int index) {
        return String.valueOf(arguments.get(index));
    }

    private static Object args(List<@Nullable Object> arguments) {
        Map<String, @Nullable Object> args = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            args.put("arg" + i, arguments.get(i));
        }
        return args;
    }

    private static String link(String expression, int tab) {
        return "/graph?g0.expr="
                + URLEncoder.encode(expression, StandardCharsets.UTF_8)
                        .replace("*", "%2A")
                        .replace("%7E", "~")
                + "&g0.tab="
                + tab;
    }
}
