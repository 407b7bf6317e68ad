package dev.muster.query.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.muster.federation.view.CellView;
import dev.muster.model.frame.FrameSpace;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.merge.MergedSource;
import dev.muster.model.merge.QuerySource;
import dev.muster.model.time.Steps;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.MatrixSeries;
import dev.muster.promql.MatrixValue;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.QueryResult;
import dev.muster.query.FakeAgent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Random queries over samples that are split between blocks and agents: given to agents in parts,
/// and evaluated over samples, they have the same answer.
class PushDownTest {
    private static final long NOW_MS = Instant.parse("2026-01-01T12:00:00Z").toEpochMilli();
    private static final int SCRAPE_MS = 15_000;
    private static final List<String> QUERIES =
            List.of(
                    "sum(rate(c[2m]))",
                    "sum by (job) (rate(c[5m]))",
                    "avg by (job, host) (g)",
                    "count(g)",
                    "group by (host) (g)",
                    "max by (job) (g) - min by (job) (g)",
                    "stddev by (job) (g)",
                    "stdvar(g)",
                    "topk(2, g)",
                    "bottomk(2, g) by (job)",
                    "count_values(\"v\", floor(g / 20))",
                    "limitk(3, g)",
                    "limit_ratio(0.5, g)",
                    "quantile(0.5, g)",
                    "g",
                    "rate(c[1m]) * 2",
                    "sum(increase(c[3m] offset 2m))",
                    "sum(max_over_time(g[4m:30s]))",
                    "sum(g @ 1767268200)",
                    "sum(g @ end())",
                    "sum(c) / on() count(c)",
                    "g * on (host, job, n) c",
                    "absent(sum(nothing))",
                    "sum(g offset -1m)",
                    "sort(sum by (n) (g))");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<FakeAgent> agents = new ArrayList<>();
    private final List<AgentPlace> places = new ArrayList<>();
    private final Map<ShippedRanges.Owner, List<TimeRange>> blocks = new HashMap<>();
    private final MemorySource blockSamples = new MemorySource();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final PromQlEngine engine = new PromQlEngine(EngineConfig.DEFAULT);

    @AfterEach
    void close() {
        agents.forEach(FakeAgent::close);
        http.shutdownNow();
    }

    @Test
    void aPartOfAQueryIsAsGoodAsItsSamples() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 4; i++) {
            long shippedMs = NOW_MS - 900_000L - 60_000L * random.nextInt(30);
            add("a" + i, random, shippedMs, i < 3, FakeAgent.Parts.values()[ways(i)]);
        }
        AgentsSource recent = recent();
        QuerySource all =
                new MergedSource(
                        List.of(
                                new MergedSource.Part("blocks", blockSamples),
                                new MergedSource.Part("agents", recent)));
        FleetSource pushed = new FleetSource(all, recent);
        for (int round = 0; round < 60; round++) {
            String query = QUERIES.get(random.nextInt(QUERIES.size()));
            long endMs = NOW_MS - 60_000L * random.nextInt(10);
            long stepMs = 1_000L * (7 + random.nextInt(90));
            Steps steps =
                    random.nextInt(4) == 0
                            ? Steps.instant(endMs)
                            : new Steps(endMs - stepMs * (1 + random.nextInt(30)), endMs, stepMs);
            String what = "seed=" + seed + " query=" + query + " steps=" + steps;

            assertSame(range(all, query, steps), range(pushed, query, steps), what);
        }
        assertThat(registry.counter("muster_query_part_answers", "outcome", "answered").count())
                .isPositive();
        assertThat(agents.getFirst().partsAsked()).isPositive();
    }

    /// The third answers no parts.
    private static int ways(int agent) {
        return (agent == 2 ? FakeAgent.Parts.UNKNOWN : FakeAgent.Parts.ANSWERED).ordinal();
    }

    private QueryResult range(QuerySource source, String query, Steps steps) throws Exception {
        return engine.range(source, query, steps, QueryOptions.DEFAULT);
    }

    private static void assertSame(QueryResult expected, QueryResult actual, String what) {
        Map<Labels, Map<Long, Double>> wanted = points(expected);
        Map<Labels, Map<Long, Double>> found = points(actual);
        assertThat(found.keySet()).as(what).isEqualTo(wanted.keySet());
        wanted.forEach((labels, points) -> {
            Map<Long, Double> others = Objects.requireNonNull(found.get(labels));
            assertThat(others.keySet()).as(what).isEqualTo(points.keySet());
            points.forEach((time, value) ->
                    assertThat(others.get(time))
                            .as(what + " labels=" + labels + " time=" + time)
                            .isCloseTo(value, within(1e-9 * Math.max(1, Math.abs(value)))));
        });
        assertThat(actual.infos()).as(what).isEqualTo(expected.infos());
        assertThat(actual.warnings()).as(what).isEqualTo(expected.warnings());
    }

    private static Map<Labels, Map<Long, Double>> points(QueryResult result) {
        Map<Labels, Map<Long, Double>> all = new TreeMap<>();
        for (MatrixSeries series : ((MatrixValue) result.value()).series()) {
            Map<Long, Double> points = new TreeMap<>();
            for (int i = 0; i < series.size(); i++) {
                points.put(series.timestampMs(i), series.value(i));
            }
            all.put(series.labels(), points);
        }
        return all;
    }

    /// An agent with two hours of samples, those before `shippedMs` in blocks, and the last minutes
    /// of these still at the agent, too.
    private void add(String host, Random random, long shippedMs, boolean alive, FakeAgent.Parts how)
            throws IOException {
        MemorySource head = new MemorySource();
        for (int series = 0; series < 6; series++) {
            boolean counter = series % 2 == 0;
            Labels labels =
                    Labels.of(
                            "__name__",
                            counter ? "c" : "g",
                            "cell",
                            "c",
                            "host",
                            host,
                            "job",
                            "j" + series % 3,
                            "n",
                            Integer.toString(series));
            double value = 0;
            for (long at = NOW_MS - 7_200_000; at < NOW_MS; at += SCRAPE_MS) {
                value = counter ? value + random.nextInt(50) : random.nextInt(100);
                if (random.nextInt(20) == 0) {
                    continue;
                }
                if (at < shippedMs) {
                    blockSamples.add(labels, at, value);
                }
                if (alive && at >= shippedMs - 300_000) {
                    head.add(labels, at, value);
                }
            }
        }
        blocks.put(
                new ShippedRanges.Owner("c", host),
                List.of(new TimeRange(NOW_MS - 7_200_000, shippedMs)));
        if (alive) {
            FakeAgent agent =
                    new FakeAgent(
                            head,
                            () -> new CellView("c", "h", 0, List.of(), false, 0, true, NOW_MS));
            agent.parts(how);
            agents.add(agent);
            places.add(new AgentPlace("c", host, agent.url(), Optional.empty()));
        }
    }

    private AgentsSource recent() {
        return new AgentsSource(
                () -> places,
                range -> {
                    Map<ShippedRanges.Owner, List<TimeRange>> found = new HashMap<>();
                    blocks.forEach((owner, ranges) -> {
                        TimeRange block = ranges.getFirst();
                        if (block.startMs() < range.endMs() && range.startMs() < block.endMs()) {
                            found.put(owner, ranges);
                        }
                    });
                    return found;
                },
                AgentHints.NONE,
                http,
                new AgentsConfig(Duration.ofSeconds(10), 1 << 20, 100, 2),
                engine,
                new FrameSpace(Path.of("."), 64 << 20, 0),
                () -> Instant.ofEpochMilli(NOW_MS),
                new AgentsSourceMetrics(registry));
    }
}
