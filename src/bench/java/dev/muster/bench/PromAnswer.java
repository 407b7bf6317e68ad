package dev.muster.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An answer of `query` or `query_range`.
///
/// @param errorType empty where there is none
/// @param type such as `vector`; empty where there is an error
/// @param series in the order of the answer
record PromAnswer(String errorType, String error, String type, List<Line> series) {
    /// One series.
    ///
    /// @param labels ascending, as text
    /// @param times as written
    /// @param values as written
    record Line(String labels, List<String> times, List<String> values) {}

    static PromAnswer of(String body) {
        if (!body.startsWith("{")) {
            return new PromAnswer("not json", body, "", List.of());
        }
        Map<?, ?> top = (Map<?, ?>) Json.read(body);
        if (!"success".equals(top.get("status"))) {
            return new PromAnswer(
                    String.valueOf(top.get("errorType")),
                    String.valueOf(top.get("error")),
                    "",
                    List.of());
        }
        Map<?, ?> data = (Map<?, ?>) top.get("data");
        String type = String.valueOf(data.get("resultType"));
        List<?> result = (List<?>) data.get("result");
        List<Line> lines = new ArrayList<>();
        if (type.equals("scalar") || type.equals("string")) {
            lines.add(line(Map.of(), List.of(result)));
        } else {
            for (Object item : result) {
                Map<?, ?> series = (Map<?, ?>) item;
                lines.add(
                        line(
                                (Map<?, ?>) series.get("metric"),
                                type.equals("vector")
                                        ? List.of((List<?>) series.get("value"))
                                        : (List<?>) series.get("values")));
            }
        }
        return new PromAnswer("", "", type, lines);
    }

    private static Line line(Map<?, ?> metric, List<?> points) {
        TreeMap<Object, Object> sorted = new TreeMap<>(metric);
        List<String> times = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (Object point : points) {
            List<?> pair = (List<?>) point;
            times.add(((Json.Number) pair.getFirst()).text());
            values.add((String) pair.getLast());
        }
        return new Line(sorted.toString(), times, values);
    }

    static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
