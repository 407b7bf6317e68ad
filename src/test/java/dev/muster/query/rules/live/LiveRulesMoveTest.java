package dev.muster.query.rules.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.series.SeriesSource;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.PromQlEngine;
import dev.muster.query.alerts.NoticeSink;
import dev.muster.query.load.LoadConfig;
import dev.muster.query.load.LoadMetrics;
import dev.muster.query.load.QueryLoad;
import dev.muster.query.rules.Alert;
import dev.muster.query.rules.AlertState;
import dev.muster.query.rules.RestorePolicy;
import dev.muster.query.rules.RuleSample;
import dev.muster.query.rules.RuleSettings;
import dev.muster.query.rules.RuleStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Groups spread over two nodes, one of which dies.
class LiveRulesMoveTest {
    private static final int GROUPS = 6;

    private final MemorySource memory = new MemorySource();
    private final AtomicReference<List<String>> ready = new AtomicReference<>(List.of("q1", "q2"));

    @TempDir private Path directory;

    @Test
    void noEvaluationIsLostAndAlertsGoOn() throws Exception {
        long startMs = System.currentTimeMillis();
        for (int i = -30; i < 90; i++) {
            memory.add(Labels.of("__name__", "up"), startMs + i * 1_000L, 1);
        }
        Path file = Files.writeString(directory.resolve("r.yml"), rules());
        LiveRules first = node("q1", file);
        LiveRules second = node("q2", file);
        first.start();
        second.start();
        await().until(() -> smallest() >= 3);
        await().until(() -> firing(first) + firing(second) == GROUPS);
        assertThat(local(first) + local(second)).isEqualTo(GROUPS);
        // dies without a word; the other notices it later
        first.close();
        long diedMs = System.currentTimeMillis();
        await().until(() -> System.currentTimeMillis() > diedMs + 1_500);
        ready.set(List.of("q2"));
        await().until(() -> last() > diedMs + 3_000);
        assertThat(local(second)).isEqualTo(GROUPS);
        for (int i = 0; i < GROUPS; i++) {
            List<Long> times = times("seen:g" + i);
            for (int at = 1; at < times.size(); at++) {
                assertThat(times.get(at) - times.get(at - 1)).as("g" + i).isEqualTo(1_000L);
            }
        }
        assertThat(firing(second)).isEqualTo(GROUPS);
        assertThat(alerts(second)).allMatch(alert -> alert.activeAtMs() <= diedMs);
        second.close();
    }

    private static String rules() {
        StringBuilder rules = new StringBuilder("groups:\n");
        for (int i = 0; i < GROUPS; i++) {
            rules.append(
                    """
                    - name: g%1$d
                      interval: 1s
                      rules:
                      - {record: 'seen:g%1$d', expr: up}
                      - {alert: A, expr: up == 1, for: 2s, labels: {g: '%1$d'}}
                    """
                            .formatted(i));
        }
        return rules.toString();
    }

    private LiveRules node(String name, Path file) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        QueryLoad load =
                QueryLoad.of(
                        LoadConfig.of(8, 100), new LoadMetrics(registry), InstantSource.system());
        PromQlEngine engine = new PromQlEngine(EngineConfig.DEFAULT, load.parsed());
        SeriesSource source =
                request -> {
                    synchronized (memory) {
                        return memory.part(request.range()).select(request);
                    }
                };
        LiveConfig config =
                new LiveConfig(
                        List.of(file.toString()),
                        Optional.empty(),
                        Duration.ofMinutes(1),
                        Duration.ZERO,
                        4,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        new RestorePolicy(
                                Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofMinutes(5)),
                        new RuleSettings(new TreeMap<>(), URI.create("http://q")));
        return new LiveRules(
                new LiveParts(
                        config,
                        new NodeQuery(engine, EngineConfig.DEFAULT, source, load, 4),
                        _ -> store(),
                        new SourceStates(source),
                        FleetMark.ALWAYS,
                        new RankedDuties(name, ready::get),
                        NoticeSink.NONE,
                        new LiveMetrics(registry),
                        InstantSource.system()));
    }

    private RuleStore store() {
        return (RuleSample sample, long timeMs) -> {
            synchronized (memory) {
                memory.add(sample.labels(), timeMs, sample.value());
            }
            return Optional.empty();
        };
    }

    private List<Long> times(String metric) {
        synchronized (memory) {
            var samples = memory.series().get(Labels.of("__name__", metric));
            return samples == null ? List.of() : new ArrayList<>(samples.keySet());
        }
    }

    private int smallest() {
        int smallest = Integer.MAX_VALUE;
        for (int i = 0; i < GROUPS; i++) {
            smallest = Math.min(smallest, times("seen:g" + i).size());
        }
        return smallest;
    }

    private long last() {
        long last = Long.MAX_VALUE;
        for (int i = 0; i < GROUPS; i++) {
            last = Math.min(last, times("seen:g" + i).getLast());
        }
        return last;
    }

    private static long local(LiveRules rules) {
        return rules.groups().stream().filter(GroupView::local).count();
    }

    private static List<Alert> alerts(LiveRules rules) {
        return rules.groups().stream()
                .filter(GroupView::local)
                .flatMap(group -> group.rules().stream())
                .flatMap(rule -> rule.alerts().stream())
                .toList();
    }

    private static long firing(LiveRules rules) {
        return alerts(rules).stream().filter(alert -> alert.state() == AlertState.FIRING).count();
    }
}
