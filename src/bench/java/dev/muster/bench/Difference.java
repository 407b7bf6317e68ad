package dev.muster.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Tells where two answers to the same query differ, and which rule explains it.
final class Difference {
    static final String UNEXPLAINED = "UNEXPLAINED";
    private static final double RELATIVE = 1e-9;
    private static final double TINY = 1e-9;
    private static final double WAVES_TINY = 1e-4;
    private static final double SPREAD_TINY = 1e-5;
    private static final Pattern SPREAD = Pattern.compile("std(dev|var)");
    private static final Pattern FILTER = Pattern.compile("[<>!=]=?");
    private static final Pattern WAVES = Pattern.compile("\\b(sin|cos|tan)\\(");
    private static final Pattern SEEN = Pattern.compile("seen=(-?[0-9.]+)");
    private static final Pattern ORDERED = Pattern.compile("(top|bottom)k");
    private static final Pattern PREDICTED_AT = Pattern.compile("predict_linear\\([^()]*@ ");
    private static final Pattern TIMESTAMP_SHIFTED =
            Pattern.compile("timestamp\\([^()]*@ ?[^ ]+(\\(\\))? offset");

    private Difference() {}

    /// Empty where the answers are the same.
    static String of(String query, PromAnswer expected, PromAnswer found) {
        if (!expected.errorType().equals(found.errorType())) {
            return "error: prometheus %s (%s), muster %s (%s)"
                    .formatted(
                            expected.errorType(),
                            expected.error(),
                            found.errorType(),
                            found.error());
        }
        if (!expected.errorType().isEmpty()) {
            return "";
        }
        if (!expected.type().equals(found.type())) {
            return "type: prometheus " + expected.type() + ", muster " + found.type();
        }
        if (query.startsWith("sort") && expected.type().equals("vector")) {
            String order = order(expected, found);
            if (!order.isEmpty()) {
                return order;
            }
        }
        return series(expected, found);
    }

    private static String series(PromAnswer expected, PromAnswer found) {
        Map<String, PromAnswer.Line> left = new HashMap<>();
        for (PromAnswer.Line line : found.series()) {
            if (left.put(line.labels(), line) != null) {
                return "muster has a series twice: " + line.labels();
            }
        }
        for (PromAnswer.Line line : expected.series()) {
            PromAnswer.Line other = left.remove(line.labels());
            if (other == null) {
                return "muster lacks " + shown(line);
            }
            String difference = points(line, other);
            if (!difference.isEmpty()) {
                return line.labels() + " " + difference;
            }
        }
        return left.isEmpty() ? "" : "muster has more: " + shown(left.values().iterator().next());
    }

    private static String shown(PromAnswer.Line line) {
        int last = Math.min(3, line.values().size());
        return line.labels()
                + " "
                + line.times().subList(0, last)
                + " "
                + line.values().subList(0, last);
    }

    private static String points(PromAnswer.Line expected, PromAnswer.Line found) {
        if (!expected.times().equals(found.times())) {
            List<String> lacks = new ArrayList<>(expected.times());
            lacks.removeAll(found.times());
            List<String> more = new ArrayList<>(found.times());
            more.removeAll(expected.times());
            return "times: muster lacks " + lacks + ", has more " + more;
        }
        for (int i = 0; i < expected.values().size(); i++) {
            double a = PromAnswer.number(expected.values().get(i));
            double b = PromAnswer.number(found.values().get(i));
            if (!same(a, b)) {
                return "at %s: prometheus %s, muster %s"
                        .formatted(
                                expected.times().get(i),
                                expected.values().get(i),
                                found.values().get(i));
            }
        }
        return "";
    }

    private static boolean same(double a, double b) {
        return Double.isNaN(a) && Double.isNaN(b)
                || a == b
                || Math.abs(a - b) <= RELATIVE * Math.max(Math.abs(a), Math.abs(b));
    }

    /// The values in their order; series of equal values may change places.
    private static String order(PromAnswer expected, PromAnswer found) {
        for (int i = 0; i < Math.min(expected.series().size(), found.series().size()); i++) {
            String a = expected.series().get(i).values().getFirst();
            String b = found.series().get(i).values().getFirst();
            if (!same(PromAnswer.number(a), PromAnswer.number(b))) {
                return "order: place " + i + " prometheus " + a + ", muster " + b;
            }
        }
        return "";
    }

    /// Which intended difference explains it.
    static String rule(String query, PromAnswer expected, PromAnswer found, String verdict) {
        boolean answers = expected.errorType().isEmpty() && found.errorType().isEmpty();
        if (expected.errorType().isEmpty()
                && found.error().startsWith("multiple matches for labels")
                && FILTER.matcher(query).find()) {
            return "3.x refuses several matches even where the comparison would leave them out";
        }
        if (TIMESTAMP_SHIFTED.matcher(query).find()) {
            return "timestamp() of a selector with @ and offset: Prometheus forgets the offset";
        }
        if (answers
                && query.contains("atan2")
                && series(nameless(expected), nameless(found)).isEmpty()) {
            return "atan2 keeps the name of the metric in 2.x";
        }
        if (query.contains("predict_linear") && PREDICTED_AT.matcher(query).find()) {
            return "predict_linear of a range with @: 2.x moves the range with the steps";
        }
        if (answers && SPREAD.matcher(query).find() && unlimited(found)) {
            return "stddev and stdvar of NaN, Inf and sums that overflow";
        }
        if (answers && ORDERED.matcher(query).find() && points(expected).equals(points(found))) {
            return "topk and bottomk: which of equal elements";
        }
        if (answers && near(rounded(expected), rounded(found), allowed(query))) {
            return "rounding: sums are more exact in 3.x, and what cancels out, or sin of it, shows"
                    + " it";
        }
        return UNEXPLAINED;
    }

    private static PromAnswer nameless(PromAnswer answer) {
        List<PromAnswer.Line> lines = new ArrayList<>();
        for (PromAnswer.Line line : answer.series()) {
            lines.add(
                    new PromAnswer.Line(
                            line.labels().replaceAll("__name__=[^,}]*(, )?", ""),
                            line.times(),
                            line.values()));
        }
        return new PromAnswer(answer.errorType(), answer.error(), answer.type(), lines);
    }

    /// All times and values, whatever series they are of.
    private static List<String> points(PromAnswer answer) {
        List<String> points = new ArrayList<>();
        for (PromAnswer.Line line : answer.series()) {
            for (int i = 0; i < line.times().size(); i++) {
                points.add(
                        line.times().get(i)
                                + " "
                                + (float) PromAnswer.number(line.values().get(i)));
            }
        }
        points.sort(null);
        return points;
    }

    private static boolean unlimited(PromAnswer found) {
        return found.series().stream()
                .anyMatch(line ->
                        line.labels().contains("seen=NaN")
                                || line.labels().contains("Inf")
                                || line.values().contains("NaN")
                                || line.values().contains("+Inf"));
    }

    /// Numbers in labels with fewer digits.
    private static PromAnswer rounded(PromAnswer answer) {
        List<PromAnswer.Line> lines = new ArrayList<>();
        for (PromAnswer.Line line : answer.series()) {
            lines.add(
                    new PromAnswer.Line(
                            SEEN.matcher(line.labels())
                                    .replaceAll(seen ->
                                            "seen=%.7g"
                                                    .formatted(Double.parseDouble(seen.group(1)))),
                            line.times(),
                            line.values()));
        }
        return new PromAnswer(answer.errorType(), answer.error(), answer.type(), lines);
    }

    /// What is small enough, relative to the value and as it is.
    private record Allowed(double relative, double absolute) {}

    private static Allowed allowed(String query) {
        return new Allowed(
                SPREAD.matcher(query).find() ? SPREAD_TINY : 0,
                WAVES.matcher(query).find() ? WAVES_TINY : TINY);
    }

    private static boolean near(PromAnswer expected, PromAnswer found, Allowed allowed) {
        Map<String, PromAnswer.Line> others = new HashMap<>();
        found.series().forEach(line -> others.put(line.labels(), line));
        for (PromAnswer.Line line : expected.series()) {
            PromAnswer.Line other = others.remove(line.labels());
            if (other == null || !other.times().equals(line.times())) {
                return false;
            }
            for (int i = 0; i < line.values().size(); i++) {
                double a = PromAnswer.number(line.values().get(i));
                double b = PromAnswer.number(other.values().get(i));
                double most = Math.max(allowed.absolute, allowed.relative * Math.abs(a));
                if (!same(a, b) && !(Math.abs(a - b) < most)) {
                    return false;
                }
            }
        }
        return others.isEmpty();
    }
}
