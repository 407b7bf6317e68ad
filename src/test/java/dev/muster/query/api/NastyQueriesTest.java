package dev.muster.query.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.promql.EngineConfig;
import dev.muster.query.load.GateConfig;
import dev.muster.query.load.LoadConfig;
import dev.muster.query.load.Priority;
import dev.muster.query.load.TextLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A query that passes a limit is refused or stopped with its name, and the next is answered. The
/// small sibling of `src/bench/nasty-queries`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NastyQueriesTest {
    private static final String ANY = "{__name__=~\".+\"}";
    private static final long MEBI = 1 << 20;

    private NodeRig node;

    @BeforeAll
    void start() throws Exception {
        node =
                new NodeRig(
                        new ApiLimits(
                                Duration.ofSeconds(5),
                                4_000,
                                10_000,
                                4_000_000,
                                1L << 40,
                                4,
                                100,
                                10 * MEBI,
                                ".*"),
                        new EngineConfig(
                                Duration.ofMinutes(5),
                                Duration.ofSeconds(5),
                                Duration.ofMinutes(1),
                                4_000,
                                1L << 40,
                                1L << 40,
                                1L << 40,
                                8 * MEBI,
                                2),
                        new LoadConfig(
                                GateConfig.of(4, 100),
                                6 * MEBI,
                                Duration.ZERO,
                                Optional.empty(),
                                100,
                                Duration.ofHours(1),
                                new TextLimits(200_000, 100, 1_000, 100_000),
                                10));
    }

    @AfterAll
    void end() throws Exception {
        node.close();
    }

    static List<Arguments> nasty() {
        return List.of(
                Arguments.of("all points", ANY, "1s", "memory"),
                Arguments.of("many points of an answer", ANY, "10s", "max-result-points=100000"),
                Arguments.of(
                        "more steps than may be", "m0", "500ms", "exceeded maximum resolution"),
                Arguments.of("quantile", "quantile(0.5, " + ANY + ")", "1s", "memory"),
                Arguments.of("topk", "topk(1000, " + ANY + ")", "1s", "memory"),
                Arguments.of(
                        "samples of windows",
                        ("count_over_time(" + ANY + "[1h]) + ").repeat(150) + "1",
                        "",
                        "matchers=100"),
                Arguments.of(
                        "samples",
                        "sum(" + ("count_over_time(" + ANY + "[1h]) or ").repeat(99) + "m0)",
                        "",
                        "max-s"),
                Arguments.of("subquery", "max_over_time(" + ANY + "[1h:1ms])", "", "memory"),
                Arguments.of("steps", "count_over_time(vector(1)[10y:1ms])", "", "memory"),
                Arguments.of(
                        "group_left",
                        "{i!=\"\"} * on (job) group_left () {i!=\"\"}",
                        "",
                        "duplicate series"),
                Arguments.of(
                        "doubled label",
                        "label_replace(".repeat(30)
                                + "m0"
                                + ", \"i\", \"$1$1\", \"i\", \"(.*)\")".repeat(30),
                        "",
                        "label value must not be longer"),
                Arguments.of("regex", "m0{i=~\"((a{50}){50}){10}\"}", "", "max-regex-size=1000"),
                Arguments.of("regex bomb", "m0{i=~\"((a{999}){999}){999}\"}", "", "too large"),
                Arguments.of(
                        "regex of a function",
                        "label_replace(m0, \"a\", \"\", \"i\", \"((a{999}){999}){999}\")",
                        "",
                        "invalid regular expression"),
                Arguments.of("text", "1" + " ".repeat(200_000), "", "max-query-length=200000"),
                Arguments.of("parentheses", "(".repeat(9_999) + "1", "", "nested"),
                Arguments.of("signs", "-".repeat(99_999) + "1", "", "nested"),
                Arguments.of("functions", "abs(".repeat(9_999) + "m0", "", "nested"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nasty")
    void isRefusedByNameAndOthersGoOn(String name, String query, String step, String why)
            throws Exception {
        String answer = step.isEmpty() ? node.instant(query) : node.range(query, step);
        assertThat(answer).as(name).doesNotStartWith("200").doesNotStartWith("500");
        assertThat(answer).contains(why);
        goesOn();
    }

    private void goesOn() throws Exception {
        assertThat(node.instant("1 + 1")).startsWith("200").contains("\"2\"");
        assertThat(node.instant("count(m1)")).startsWith("200").contains("\"50\"");
        await().until(() -> node.load().memory().heldBytes() == 0);
    }

    @Test
    void manyAtOnceLeaveNothingBehind() throws Exception {
        List<Future<String>> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 60; i++) {
                answers.add(threads.submit(() -> node.range("quantile(0.5, " + ANY + ")", "2s")));
            }
        }
        for (Future<String> answer : answers) {
            assertThat(answer.get()).doesNotStartWith("500");
        }
        goesOn();
        assertThat(node.load().active().all()).isEmpty();
        assertThat(node.load().gate().running(Priority.AD_HOC)).isZero();
        assertThat(node.limited("node-memory") + node.limited("engine")).isPositive();
    }

    @Test
    void queriesThatEndAreAmongTheTop() throws Exception {
        node.instant("sum(m3)");
        await().untilAsserted(() ->
                assertThat(node.get("status/top_queries?topN=500"))
                        .contains("\"topBySumDuration\"")
                        .contains("sum(m3)"));
        assertThat(node.get("status/active_queries")).contains("\"data\":[]");
    }

    @Test
    void explains() throws Exception {
        String query = "sum by (job) (rate(m0[5m]))";
        assertThat(node.post("query", Map.of("query", query, "time", "3600", "explain", "plan")))
                .startsWith("200 {\"status\":\"success\",\"data\":{\"mode\":\"plan\"")
                .contains("\"operator\":\"sum\"")
                .contains("\"matchers\":[\"__name__=\\\"m0\\\"\"]")
                .contains("\"from\":3300.001,\"to\":3600");
        assertThat(node.post("query", Map.of("query", query, "time", "3600", "explain", "cost")))
                .contains("\"total\":{\"series\":50,")
                .contains("\"limits\":[]");
        assertThat(node.post("query", Map.of("query", query, "time", "3600", "explain", "analyze")))
                .contains("\"mode\":\"analyze\"")
                .contains("\"selfSeconds\"")
                .contains("\"workers\"")
                .contains("\"seriesGiven\":50")
                .containsPattern(
                        "\"samples\":[1-9]\\d*,\"peakMemoryBytes\":\\d+,\"estimated\":\\{\"series\":50,")
                .contains("\"estimate\":{\"series\":50,");
        assertThat(node.post("query", Map.of("query", query, "explain", "x")))
                .startsWith("400")
                .contains("must be plan, cost or analyze: found=x");
    }

    /// Of 10,000 series that it may find it finds 6,000, and not twice as many.
    @Test
    void analyzesWithTheSeriesThatTheQueryFound() throws Exception {
        String query =
                IntStream.range(0, 12)
                        .mapToObj(i -> "count({__name__=~\".+\",x!=\"%d\"})".formatted(i))
                        .collect(Collectors.joining(" + "));
        assertThat(node.post("query", Map.of("query", query, "time", "3600", "explain", "analyze")))
                .contains("\"estimated\":{\"series\":6000,");
        String windows = query.replace("})", "}[5m]))").replace("count({", "count(rate({");
        assertThat(
                        node.post(
                                "query",
                                Map.of("query", windows, "time", "3600", "explain", "analyze")))
                .contains("\"estimated\":{\"series\":6000,");
    }
}
