package dev.muster.bench;

import java.util.List;
import java.util.Random;

/// Makes random queries over the metrics of [CompareData] that are well typed and mostly have an
/// answer.
///
/// All times of evaluation end in 7 s; ranges, offsets and steps of subqueries are multiples of 10
/// s, but ranges of subqueries end in 3 s: no end of a range then falls on a step of a subquery.
final class QueryGenerator {
    private static final List<String> COUNTERS =
            List.of(
                    "http_requests_total",
                    "cpu_seconds_total",
                    "request_seconds_count",
                    "request_seconds_sum");
    private static final List<String> GAUGES =
            List.of("queue_length", "temperature_celsius", "memory_bytes", "up");
    private static final List<String> OVER_TIME =
            List.of(
                    "avg_over_time",
                    "min_over_time",
                    "max_over_time",
                    "sum_over_time",
                    "count_over_time",
                    "stddev_over_time",
                    "stdvar_over_time",
                    "last_over_time",
                    "present_over_time");
    private static final List<String> OF_COUNTERS =
            List.of("rate", "rate", "rate", "increase", "irate", "resets", "changes");
    private static final List<String> OF_GAUGES =
            List.of("delta", "idelta", "deriv", "changes", "resets");
    private static final List<String> MATH =
            List.of(
                    "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "sin",
                    "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh",
                    "atanh", "deg", "rad");
    private static final List<String> DATES =
            List.of(
                    "minute",
                    "hour",
                    "day_of_week",
                    "day_of_month",
                    "day_of_year",
                    "days_in_month",
                    "month",
                    "year");
    private static final List<String> ARITHMETIC = List.of("+", "-", "*", "/", "%", "^", "atan2");
    private static final List<String> COMPARISONS = List.of("==", "!=", ">", "<", ">=", "<=");
    private static final List<String> SIMPLE =
            List.of("sum", "avg", "min", "max", "count", "stddev", "stdvar", "group");

    private final Random random;
    private final long firstSecond;
    private final long lastSecond;

    QueryGenerator(Random random, long firstSecond, long lastSecond) {
        this.random = random;
        this.firstSecond = firstSecond;
        this.lastSecond = lastSecond;
    }

    private <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private boolean oneIn(int number) {
        return random.nextInt(number) == 0;
    }

    String query() {
        return switch (random.nextInt(20)) {
            case 0 -> "sort(" + vector(2) + ")";
            case 1 -> "sort_desc(" + vector(2) + ")";
            case 2 -> scalar(2);
            default -> vector(3);
        };
    }

    /// A time to evaluate at.
    long second() {
        return (firstSecond + (long) (random.nextDouble() * (lastSecond - firstSecond))) / 10 * 10
                + 7;
    }

    private String scalar(int depth) {
        return switch (depth <= 0 ? random.nextInt(3) : random.nextInt(7)) {
            case 0 -> Integer.toString(random.nextInt(200));
            case 1 ->
                    oneOf(
                            List.of(
                                    "0.5", "-1", "1e6", "2", "NaN", "Inf", "-Inf", "0", "1e-3",
                                    "0x1F"));
            case 2 -> oneOf(List.of("time()", "pi()"));
            case 3, 4 -> "scalar(" + vector(depth - 1) + ")";
            case 5 ->
                    "("
                            + scalar(depth - 1)
                            + " "
                            + oneOf(ARITHMETIC.subList(0, 6))
                            + " "
                            + scalar(depth - 1)
                            + ")";
            default ->
                    "("
                            + scalar(depth - 1)
                            + " "
                            + oneOf(COMPARISONS)
                            + " bool "
                            + scalar(depth - 1)
                            + ")";
        };
    }

    private String vector(int depth) {
        if (depth <= 0) {
            return leaf();
        }
        return switch (random.nextInt(26)) {
            case 0, 1 -> leaf();
            case 2, 3, 4 -> aggregate(depth);
            case 5 -> ordered(depth);
            case 6, 7 -> withScalar(depth);
            case 8 -> compared(depth);
            case 9, 10 -> joined(depth);
            case 11 -> set(depth);
            case 12 -> oneOf(MATH) + "(" + vector(depth - 1) + ")";
            case 13 -> clamped(depth);
            case 14 -> relabelled(depth);
            case 15, 16 -> quantileOfBuckets();
            case 17, 18 -> subquery(depth);
            case 19 -> oneOf(DATES) + "(" + vector(depth - 1) + ")";
            case 20 -> "timestamp(" + selector(metric()) + ")";
            case 21 ->
                    "absent("
                            + (oneIn(2)
                                    ? vector(depth - 1)
                                    : "http_requests_total{code=\"302\",job=\"api\"}")
                            + ")";
            case 22 -> "-(" + vector(depth - 1) + ")";
            case 23 -> "vector(" + scalar(depth - 1) + ")";
            case 24 -> "count_values" + by("\"seen\", round(" + vector(depth - 1) + ")");
            default -> over();
        };
    }

    private String leaf() {
        return oneIn(3) ? selector(metric()) : over();
    }

    private String metric() {
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> oneOf(COUNTERS);
            case 3, 4, 5 -> oneOf(GAUGES);
            case 6 -> oneOf(List.of("build_info", "limit_bytes"));
            case 7 -> "request_seconds_bucket";
            default -> "weird";
        };
    }

    private String selector(String metric) {
        return matched(metric) + shift();
    }

    private String matched(String metric) {
        StringBuilder out = new StringBuilder(metric);
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            out.append(i == 0 ? "{" : ",").append(matcher(metric));
        }
        return out.append(count > 0 ? "}" : "").toString();
    }

    private String matcher(String metric) {
        if (metric.equals("http_requests_total") && oneIn(2)) {
            return oneOf(
                    List.of(
                            "code=\"200\"",
                            "code!=\"200\"",
                            "code=~\"4..|5..\"",
                            "code!~\"[45].*\"",
                            "path=\"/\"",
                            "path=~\"/.+\"",
                            "path!~\".*v1\"",
                            "pod=\"p-1\"",
                            "pod=~\"p-[12]\"",
                            "pod!=\"p-2\"",
                            "path=~\"/(login|api/.*)?\""));
        }
        if (metric.equals("request_seconds_bucket") && oneIn(2)) {
            return oneOf(List.of("le=\"+Inf\"", "le=~\"0.*\"", "le!=\"0.1\""));
        }
        return oneOf(
                List.of(
                        "job=\"api\"",
                        "job=\"web\"",
                        "job!=\"api\"",
                        "job=~\"a.*\"",
                        "instance=\"a:80\"",
                        "instance=~\"[bd]:.*\"",
                        "instance!~\"c.*\"",
                        "instance!=\"\"",
                        "nothing=\"\"",
                        "job=~\"api|web\"",
                        "mode!=\"idle\"",
                        "job=\"none\""));
    }

    private String shift() {
        StringBuilder out = new StringBuilder();
        if (oneIn(12)) {
            out.append(" @ ")
                    .append(
                            oneIn(3)
                                    ? oneOf(List.of("start()", "end()"))
                                    : Long.toString(second()));
        }
        if (oneIn(7)) {
            out.append(" offset ")
                    .append(
                            oneOf(
                                    List.of(
                                            "10s",
                                            "1m",
                                            "5m",
                                            "30m",
                                            "1h",
                                            "-1m",
                                            "-10m",
                                            "1h30m20s")));
        }
        return out.toString();
    }

    private String range() {
        return oneOf(
                List.of(
                        "[20s]", "[1m]", "[2m]", "[5m]", "[5m]", "[5m]", "[10m]", "[1h]", "[30m]",
                        "[50s]"));
    }

    /// A function of a range of samples.
    private String over() {
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> oneOf(OF_COUNTERS) + "(" + ranged(oneOf(COUNTERS)) + ")";
            case 4 -> oneOf(OF_GAUGES) + "(" + ranged(oneOf(GAUGES)) + ")";
            case 5, 6, 7 -> oneOf(OVER_TIME) + "(" + ranged(metric()) + ")";
            case 8 ->
                    "quantile_over_time("
                            + oneOf(List.of("0.5", "0.9", "0", "1", "-1", "2", "NaN", "0.333"))
                            + ", "
                            + ranged(metric())
                            + ")";
            case 9 ->
                    "predict_linear("
                            + ranged(oneOf(GAUGES))
                            + ", "
                            + oneOf(List.of("60", "3600", "-600"))
                            + ")";
            case 10 ->
                    "double_exponential_smoothing("
                            + ranged(oneOf(GAUGES))
                            + ", 0."
                            + (1 + random.nextInt(9))
                            + ", 0."
                            + (1 + random.nextInt(9))
                            + ")";
            default -> "absent_over_time(" + ranged(metric()) + ")";
        };
    }

    private String ranged(String metric) {
        return matched(metric) + range() + shift();
    }

    private String subquery(int depth) {
        String inner = vector(Math.min(1, depth - 1));
        String range = oneOf(List.of("5m3s", "10m3s", "30m3s", "1h3s", "1m3s"));
        String step = oneOf(List.of("10s", "30s", "1m", "5m", "2m"));
        String body = "(" + inner + ")[" + range + ":" + step + "]" + shift();
        return switch (random.nextInt(8)) {
            case 0 -> "quantile_over_time(0.9, " + body + ")";
            case 1 ->
                    oneOf(List.of("rate", "increase", "delta", "deriv", "changes", "idelta"))
                            + "("
                            + body
                            + ")";
            case 2 -> "absent_over_time(" + body + ")";
            default -> oneOf(OVER_TIME) + "(" + body + ")";
        };
    }

    private String grouping() {
        String labels =
                oneOf(
                        List.of(
                                "job",
                                "instance",
                                "job, instance",
                                "code",
                                "path, code",
                                "nothing",
                                "",
                                "pod, job",
                                "job, path",
                                "mode"));
        return switch (random.nextInt(3)) {
            case 0 -> " without (" + labels + ") ";
            case 1 -> " by (" + labels + ") ";
            default -> " ";
        };
    }

    private String by(String argument) {
        return grouping() + "(" + argument + ")";
    }

    private String aggregate(int depth) {
        if (oneIn(6)) {
            return "quantile"
                    + by(
                            oneOf(List.of("0.5", "0.9", "0", "1", "-0.5", "1.5", "0.25"))
                                    + ", "
                                    + vector(depth - 1));
        }
        return oneOf(SIMPLE) + by(vector(depth - 1));
    }

    /// Elements with values that are hardly ever equal: which of equal ones stay is not promised.
    private String ordered(int depth) {
        String what =
                switch (random.nextInt(4)) {
                    case 0 -> "temperature_celsius * 1e3 + memory_bytes";
                    case 1 ->
                            "rate("
                                    + matched(
                                            oneOf(
                                                    List.of(
                                                            "http_requests_total",
                                                            "cpu_seconds_total")))
                                    + "[10m])";
                    case 2 -> matched("cpu_seconds_total");
                    default -> matched("http_requests_total") + shift();
                };
        if (what.startsWith("temperature")) {
            what = matched("http_requests_total");
        }
        return oneOf(List.of("topk", "bottomk"))
                + by(oneOf(List.of("1", "2", "3", "5", "0", "100")) + ", " + what);
    }

    private String withScalar(int depth) {
        String left = vector(depth - 1);
        String right = scalar(depth - 1);
        return oneIn(2)
                ? "(" + left + ") " + oneOf(ARITHMETIC) + " " + right
                : right + " " + oneOf(ARITHMETIC) + " (" + left + ")";
    }

    private String compared(int depth) {
        String bool = oneIn(2) ? " bool " : " ";
        return "(" + vector(depth - 1) + ") " + oneOf(COMPARISONS) + bool + scalar(depth - 1);
    }

    private String joined(int depth) {
        String operator =
                oneIn(4) ? oneOf(COMPARISONS) + (oneIn(2) ? " bool" : "") : oneOf(ARITHMETIC);
        return switch (random.nextInt(7)) {
            case 0 -> {
                String metric = metric();
                yield matched(metric) + " " + operator + " " + matched(metric) + " offset 5m";
            }
            case 1 ->
                    "sum by (job) ("
                            + vector(depth - 1)
                            + ") "
                            + operator
                            + " on (job) sum by (job) ("
                            + vector(depth - 1)
                            + ")";
            case 2 ->
                    "rate("
                            + matched("http_requests_total")
                            + "[5m]) "
                            + operator
                            + " on (instance) group_left "
                            + "sum by (instance) (rate(http_requests_total[5m]))";
            case 3 ->
                    matched(oneOf(List.of("queue_length", "cpu_seconds_total", "memory_bytes")))
                            + " * on (instance, job) group_left (version) build_info";
            case 4 ->
                    "build_info * on (instance) group_right "
                            + oneOf(List.of("()", "(version)"))
                            + " "
                            + matched(oneOf(List.of("queue_length", "temperature_celsius")));
            case 5 -> "memory_bytes " + operator + " ignoring (nothing) limit_bytes";
            default ->
                    "("
                            + vector(depth - 1)
                            + ") "
                            + operator
                            + oneOf(
                                    List.of(
                                            " ",
                                            " ignoring (code) ",
                                            " on (instance, path) ",
                                            " on () "))
                            + "("
                            + vector(depth - 1)
                            + ")";
        };
    }

    private String set(int depth) {
        String matching =
                oneOf(
                        List.of(
                                " ",
                                " ",
                                " on (job) ",
                                " on (instance) ",
                                " ignoring (code, path, pod) ",
                                " on () "));
        return "("
                + vector(depth - 1)
                + ") "
                + oneOf(List.of("and", "or", "unless"))
                + matching
                + "("
                + vector(depth - 1)
                + ")";
    }

    private String clamped(int depth) {
        String of = vector(depth - 1);
        return switch (random.nextInt(5)) {
            case 0 -> "clamp(" + of + ", " + scalar(0) + ", " + scalar(0) + ")";
            case 1 -> "clamp_min(" + of + ", " + scalar(depth - 1) + ")";
            case 2 -> "clamp_max(" + of + ", " + scalar(depth - 1) + ")";
            case 3 -> "round(" + of + ")";
            default -> "round(" + of + ", " + oneOf(List.of("5", "0.1", "10", "0.25")) + ")";
        };
    }

    private String relabelled(int depth) {
        String of = vector(depth - 1);
        return switch (random.nextInt(5)) {
            case 0 -> "label_replace(" + of + ", \"host\", \"$1\", \"instance\", \"(.*):.*\")";
            case 1 -> "label_replace(" + of + ", \"job\", \"x-${1}\", \"job\", \"(a)(.*)\")";
            case 2 -> "label_replace(" + of + ", \"code\", \"\", \"code\", \".*\")";
            case 3 -> "label_join(" + of + ", \"both\", \"-\", \"job\", \"instance\")";
            default -> "label_join(" + of + ", \"nothing\", \"\", \"none\")";
        };
    }

    private String quantileOfBuckets() {
        String quantile = oneOf(List.of("0.5", "0.9", "0.99", "0", "1", "-1", "1.1", "0.75"));
        String buckets = matched("request_seconds_bucket");
        return switch (random.nextInt(4)) {
            case 0 ->
                    "histogram_quantile("
                            + quantile
                            + ", sum by (le) (rate("
                            + buckets
                            + range()
                            + ")))";
            case 1 ->
                    "histogram_quantile("
                            + quantile
                            + ", sum by (le, job) (rate("
                            + buckets
                            + "[5m])))";
            case 2 ->
                    "histogram_quantile("
                            + quantile
                            + ", rate("
                            + buckets
                            + range()
                            + shift()
                            + "))";
            default -> "histogram_quantile(" + quantile + ", " + buckets + ")";
        };
    }
}
