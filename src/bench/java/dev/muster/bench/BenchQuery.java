package dev.muster.bench;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A query of the benchmark: one request, or the panels of a dashboard that are asked for together.
///
/// @param name short, for the table
/// @param set the data set it reads
/// @param shape what is asked, for the table
/// @param requests paths with parameters
/// @param expressions what they ask
record BenchQuery(
        String name, String set, String shape, List<String> requests, List<String> expressions) {
    private static final List<String> PANELS =
            List.of(
                    "sum(rate(http_requests_total{job=\"job-3\"}[5m]))",
                    "sum by (code) (rate(http_requests_total{job=\"job-3\"}[5m]))",
                    "sum by (path) (rate(http_requests_total{job=\"job-3\"}[5m]))",
                    "sum(rate(http_requests_total{job=\"job-3\",code=\"500\"}[5m])) /"
                        + " sum(rate(http_requests_total{job=\"job-3\"}[5m]))",
                    "histogram_quantile(0.5, sum by (le)"
                        + " (rate(request_seconds_bucket{job=\"job-3\"}[5m])))",
                    "histogram_quantile(0.9, sum by (le)"
                        + " (rate(request_seconds_bucket{job=\"job-3\"}[5m])))",
                    "histogram_quantile(0.99, sum by (le)"
                        + " (rate(request_seconds_bucket{job=\"job-3\"}[5m])))",
                    "histogram_quantile(0.99, sum by (le, path)"
                        + " (rate(request_seconds_bucket{job=\"job-3\"}[5m])))",
                    "sum(rate(request_seconds_sum{job=\"job-3\"}[5m])) /"
                        + " sum(rate(request_seconds_count{job=\"job-3\"}[5m]))",
                    "sum by (instance) (rate(cpu_seconds_total{job=\"job-3\",mode!=\"idle\"}[5m]))",
                    "avg by (mode) (rate(cpu_seconds_total{job=\"job-3\"}[5m]))",
                    "sum by (instance) (memory_bytes{job=\"job-3\",kind=\"heap\"})",
                    "sum by (kind) (memory_bytes{job=\"job-3\"})",
                    "max(queue_length{job=\"job-3\"})",
                    "queue_length{job=\"job-3\",path=\"/\"}",
                    "sum by (device)"
                        + " (rate(network_bytes_total{job=\"job-3\",direction=\"in\"}[5m])) * 8",
                    "sum by (device)"
                        + " (rate(network_bytes_total{job=\"job-3\",direction=\"out\"}[5m])) * 8",
                    "count by (version) (build_info{job=\"job-3\"})",
                    "sum(up{job=\"job-3\"}) / count(up{job=\"job-3\"})",
                    "topk(5, sum by (pod) (rate(http_requests_total{job=\"job-3\"}[5m])))");

    /// The queries, in the order of the table.
    static List<BenchQuery> all(List<BenchSet> sets) {
        Map<String, BenchSet> named =
                Map.of("month", sets.get(0), "day", sets.get(1), "hour", sets.get(2));
        return List.of(
                range(
                        "selector",
                        named.get("day"),
                        "500 series, 6 h, step 1 min",
                        "queue_length",
                        6 * 3_600,
                        60),
                instant(
                        "sum over all",
                        named.get("hour"),
                        "100,000 series, instant",
                        "sum by (job) ({job=~\"job-.+\"})"),
                range(
                        "sum by rate",
                        named.get("day"),
                        "1,500 series, 1 d, step 1 min",
                        "sum by (job) (rate(http_requests_total[5m]))",
                        24 * 3_600 - 600,
                        60),
                range(
                        "histogram_quantile",
                        named.get("day"),
                        "3,900 series, 6 h, step 1 min",
                        "histogram_quantile(0.99, sum by (le, job)"
                            + " (rate(request_seconds_bucket[5m])))",
                        6 * 3_600,
                        60),
                instant(
                        "topk",
                        named.get("hour"),
                        "15,000 series, instant",
                        "topk(10, rate(http_requests_total[5m]))"),
                range(
                        "regex matchers",
                        named.get("hour"),
                        "4,000 of 100,000 series, 1 h, step 15 s",
                        "sum by (path)"
                            + " (rate(http_requests_total{path=~\"/api/.*\",code!~\"2..\",instance=~\".*[02468]:9100\"}[5m]))",
                        3_000,
                        15),
                range(
                        "join",
                        named.get("day"),
                        "1,000 with 100 series, 6 h, step 1 min",
                        "rate(network_bytes_total[5m]) / on (instance) group_left () sum by"
                            + " (instance) (rate(http_requests_total[5m]))",
                        6 * 3_600,
                        60),
                range(
                        "subquery",
                        named.get("day"),
                        "500 series, 6 h, step 5 min",
                        "max_over_time(rate(http_requests_total{code=\"200\"}[5m])[1h:5m])",
                        6 * 3_600,
                        300),
                range(
                        "count_values",
                        named.get("hour"),
                        "10,000 series, 1 h, step 1 min",
                        "count_values(\"state\", disk_state)",
                        3_000,
                        60),
                range(
                        "30 d selector",
                        named.get("month"),
                        "50 series, 30 d, step 1 h",
                        "memory_bytes",
                        30 * 86_400 - 3_600,
                        3_600),
                range(
                        "30 d avg_over_time",
                        named.get("month"),
                        "50 series, 30 d, step 6 h",
                        "avg_over_time(memory_bytes[1d])",
                        29 * 86_400,
                        6 * 3_600),
                dashboard(named.get("day")));
    }

    private static BenchQuery instant(String name, BenchSet set, String shape, String query) {
        long at = set.endMs() / 1_000 - 300;
        return new BenchQuery(
                name,
                set.name(),
                shape,
                List.of("/api/v1/query?time=" + at + query(query)),
                List.of(query));
    }

    private static BenchQuery range(
            String name, BenchSet set, String shape, String query, long lengthSeconds, long step) {
        return new BenchQuery(
                name,
                set.name(),
                shape,
                List.of(range(set, query, lengthSeconds, step)),
                List.of(query));
    }

    private static String range(BenchSet set, String query, long lengthSeconds, long step) {
        // a second before the end of the data; never on a multiple of the step
        long end = set.endMs() / 1_000 - 1;
        return "/api/v1/query_range?start="
                + (end - lengthSeconds)
                + "&end="
                + end
                + "&step="
                + step
                + query(query);
    }

    private static BenchQuery dashboard(BenchSet set) {
        List<String> requests = new ArrayList<>();
        for (String panel : PANELS) {
            requests.add(range(set, panel, 6 * 3_600, 60));
        }
        return new BenchQuery(
                "dashboard", set.name(), "20 panels at once, 6 h, step 1 min", requests, PANELS);
    }

    private static String query(String query) {
        return "&query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    }
}
