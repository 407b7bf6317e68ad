package dev.muster.bench;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Queries that nobody should ask and somebody will.
final class NastyQueries {
    private static final long DAY = 86_400;

    private final long end;
    private final List<Query> all = new ArrayList<>();

    /// @param path of the call
    /// @param form what is sent
    /// @param copies how many are sent at the same time
    /// @param leaves whether the client goes away before it has the answer
    record Query(String name, String path, String form, int copies, boolean leaves) {}

    private NastyQueries(long endSeconds) {
        end = endSeconds;
    }

    static List<Query> all(long endSeconds) {
        NastyQueries queries = new NastyQueries(endSeconds);
        queries.everything();
        queries.subqueries();
        queries.joins();
        queries.texts();
        queries.labels();
        queries.crowds();
        return List.copyOf(queries.all);
    }

    private void everything() {
        String any = "{__name__=~\".+\"}";
        range("everything over 30 d", any, 30 * DAY, 3_600);
        range("everything over 30 d, 11,000 points", any, 30 * DAY, 240);
        instant("all samples of 30 d", any + "[30d]");
        instant("everything now", any);
        range("quantile over everything", "quantile(0.9, " + any + ")", 30 * DAY, 3_600);
        range("sum of rates of everything", "sum(rate(" + any + "[6h]))", 30 * DAY, 3_600);
        range(
                "quantile_over_time of everything",
                "quantile_over_time(0.5, " + any + "[30d])",
                7 * DAY,
                1_800);
        range("count_values over floats", "count_values(\"v\", " + any + ")", 30 * DAY, 1_800);
        range("topk of everything", "topk(100000, " + any + ")", 30 * DAY, 3_600);
        instant("sort of everything", "sort(" + any + ")");
        instant("absent of everything", "absent(" + any + ")");
        instant("absent over all time", "absent_over_time(" + any + "[30d])");
        instant(
                "group by all labels",
                "count by (__name__, host, instance, job, path) (" + any + ")");
        instant("histogram of no histogram", "histogram_quantile(0.9, " + any + ")");
    }

    private void subqueries() {
        String any = "{__name__=~\"nasty_.*\"}";
        instant("subquery of a second", "max_over_time(sum(" + any + ")[30d:1s])");
        instant(
                "nested subqueries",
                "max_over_time(max_over_time(max_over_time(" + any + "[1d:1m])[1d:1m])[1d:1m])");
        instant("subquery of a millisecond", "count_over_time(vector(1)[365d:1ms])");
        instant("quantile over nested time", "quantile_over_time(0.5, vector(1)[100d:1s])");
        range("window of all time at each point", "stddev_over_time(vector(1)[30d:30s])", DAY, 10);
    }

    private void joins() {
        String a = "{__name__=~\"nasty_0.*\"}";
        range(
                "group_left explosion",
                a + " * on (host) group_left (path) max by (host) (" + a + ")",
                30 * DAY,
                3_600);
        range("many to many", a + " * on (job) group_left () " + a, 30 * DAY, 3_600);
        range(
                "or of everything",
                "{job=~\".+\"} or {host=~\".+\"} or {path=~\".+\"}",
                30 * DAY,
                3_600);
        instant(
                "product of all",
                "{job=~\".+\"} and on () {host=~\".+\"} unless on () {path=\"x\"}");
        instant(
                "doubled label",
                IntStream.range(0, 28).mapToObj(i -> "label_replace(").collect(Collectors.joining())
                        + "nasty_00_total"
                        + ", \"a\", \"$1$1\", \"path\", \"(.*)\"), \"path\", \"$1$1\", \"a\", \"(.*)\")"
                                .repeat(14));
        instant(
                "label_replace of everything",
                "label_replace({__name__=~\".+\"}, \"x\", \"$1-$2-$3\", \"path\","
                        + " \"(.*)/(.*)/(.*)\")");
    }

    private void texts() {
        instant("regex bomb", "{path=~\"((((a{0,100}){0,100}){0,100}){0,100}){0,100}\"}");
        instant(
                "regex bomb in label_replace",
                "label_replace(up, \"a\", \"$1\", \"b\", \"(((x{1000}){1000}){1000})\")");
        instant("slow regex", "{path=~\"(.*a?){60}(.*b?){60}$\"}");
        instant("alternation of 10,000", "{path=~\"" + alternatives("/api/%d") + "\"}");
        instant("alternation of 10,000 patterns", "{path=~\"" + alternatives("x%d.*y+") + "\"}");
        instant("deep parentheses", "(".repeat(50_000) + "1" + ")".repeat(50_000));
        instant("deep functions", "abs(".repeat(20_000) + "nasty_00_total" + ")".repeat(20_000));
        instant("long sum", "nasty_00_total" + " + nasty_00_total".repeat(400));
        instant("long unary", "-".repeat(100_000) + "1");
        instant("text of 9 MB", "\"" + "x".repeat(9_000_000) + "\"");
        form("body of 50 MB", "query", "query=" + "1".repeat(50_000_000), 1);
        form(
                "10,000 selectors",
                "series",
                IntStream.range(0, 10_000)
                        .mapToObj(i -> "match[]=x" + i)
                        .collect(Collectors.joining("&")),
                1);
    }

    private static String alternatives(String format) {
        return IntStream.range(0, 10_000)
                .mapToObj(format::formatted)
                .collect(Collectors.joining("|"));
    }

    private void labels() {
        long start = end - 30 * DAY;
        form(
                "series of everything",
                "series",
                form(Map.of("match[]", "{__name__=~\".+\"}", "start", "" + start, "end", "" + end)),
                1);
        form("all label names", "labels", "start=" + start + "&end=" + end, 1);
        get("values of a large label", "label/path/values?start=" + start + "&end=" + end);
        get("values of all names of all time", "label/__name__/values");
    }

    private void crowds() {
        String any = "{__name__=~\".+\"}";
        crowd("20 times everything over 30 d", any, 30 * DAY, 3_600, 20, false);
        crowd(
                "50 times a quantile over everything",
                "quantile(0.5, " + any + ")",
                7 * DAY,
                3_600,
                50,
                false);
        crowd(
                "200 times a sum of rates",
                "sum by (host) (rate(nasty_00_total[2h]))",
                DAY,
                600,
                200,
                false);
        crowd("50 clients that leave", "sum(rate(" + any + "[6h]))", 30 * DAY, 3_600, 50, true);
    }

    private void instant(String name, String query) {
        form(name, "query", form(Map.of("query", query, "time", "" + end)), 1);
    }

    private void range(String name, String query, long seconds, long step) {
        crowd(name, query, seconds, step, 1, false);
    }

    private void crowd(
            String name, String query, long seconds, long step, int copies, boolean leaves) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("query", query);
        form.put("start", "" + (end - seconds));
        form.put("end", "" + end);
        form.put("step", "" + step);
        all.add(new Query(name, "query_range", form(form), copies, leaves));
    }

    private void form(String name, String path, String form, int copies) {
        all.add(new Query(name, path, form, copies, false));
    }

    private void get(String name, String path) {
        all.add(new Query(name, path, "", 1, false));
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field ->
                        field.getKey()
                                + "="
                                + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
