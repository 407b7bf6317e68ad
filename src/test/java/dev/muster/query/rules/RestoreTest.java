package dev.muster.query.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Staleness;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Alerts over a restart, and from one node to another, on times of a seed.
class RestoreTest {
    private static final long NOW_MS = 1_800_000_000_000L;
    private static final long MINUTE_MS = 60_000;
    private static final Labels ALERT = Labels.of("alertname", "Down", "instance", "a");
    private static final RestorePolicy POLICY =
            new RestorePolicy(Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofMinutes(5));

    private final List<RuleSample> stored = new ArrayList<>();
    private final List<List<LabelMatcher>> asked = new ArrayList<>();
    private List<StateSeries> before = List.of();
    private boolean active = true;

    private GroupRun group(String hold) throws RuleFileException {
        RuleGroup group =
                RuleFile.parse(
                                "r.yml",
                                """
                                groups:
                                - name: g
                                  rules:
                                  - alert: Down
                                    expr: up == 0
                                    for: %s
                                    labels: {severity: page, who: '{{ $value }}'}
                                """
                                        .formatted(hold))
                        .getFirst();
        return new GroupRun(
                group,
                new RuleSettings(new TreeMap<>(), URI.create("http://q")),
                (_, _) ->
                        active
                                ? List.of(
                                        new RuleSample(
                                                Labels.of("__name__", "up", "instance", "a"),
                                                0,
                                                null))
                                : List.of(),
                (sample, _) -> {
                    stored.add(sample);
                    return Optional.empty();
                },
                Duration.ZERO);
    }

    private List<StateSeries> read(List<LabelMatcher> matchers, long fromMs, long toMs) {
        asked.add(matchers);
        return before.stream()
                .filter(series -> series.timeMs() >= fromMs && series.timeMs() <= toMs)
                .toList();
    }

    private static Labels labels() {
        return ALERT.toBuilder().set("severity", "page").set("who", "0").build();
    }

    private void said(long downAtMs, long activeAtMs) {
        before = List.of(new StateSeries(labels(), downAtMs, activeAtMs / 1000.0));
    }

    /// Since when the alert has been active after a restart.
    private long restored(String hold) throws RuleFileException, IOException {
        GroupRun group = group(hold);
        group.awaitRestore();
        group.evaluate(NOW_MS - MINUTE_MS);
        group.evaluate(NOW_MS);
        assertThat(stored).as("nothing is said before").isEmpty();
        group.restore(this::read, POLICY, NOW_MS);
        group.evaluate(NOW_MS + MINUTE_MS);
        assertThat(stored).isNotEmpty();
        return group.rules().getFirst().alerts().getFirst().activeAtMs();
    }

    @Test
    void whatWasFiringGoesOnAsItWas() throws Exception {
        said(NOW_MS - 15 * MINUTE_MS, NOW_MS - 60 * MINUTE_MS);
        assertThat(restored("30m")).isEqualTo(NOW_MS - 60 * MINUTE_MS);
        assertThat(asked.getFirst())
                .containsExactlyInAnyOrder(
                        LabelMatcher.equal("__name__", "ALERTS_FOR_STATE"),
                        LabelMatcher.equal("alertname", "Down"),
                        LabelMatcher.equal("severity", "page"));
        assertThat(stored.getFirst().labels().get("alertstate")).isEqualTo("firing");
    }

    @Test
    void whatWasPendingWaitsAsLongAsItHadTo() throws Exception {
        said(NOW_MS - 15 * MINUTE_MS, NOW_MS - 25 * MINUTE_MS);
        // 10 of 30 minutes were over
        assertThat(restored("30m")).isEqualTo(NOW_MS - 10 * MINUTE_MS);
    }

    @Test
    void whatWasPendingWaitsNoLessThanTheGracePeriod() throws Exception {
        said(NOW_MS - 15 * MINUTE_MS, NOW_MS - 40 * MINUTE_MS);
        // 25 of 30 minutes were over
        assertThat(restored("30m")).isEqualTo(NOW_MS - 20 * MINUTE_MS);
    }

    @Test
    void whatHadEndedOrIsLongAgoOrHoldsShortlyStartsAnew() throws Exception {
        long anewMs = NOW_MS - MINUTE_MS;
        before = List.of(new StateSeries(labels(), NOW_MS - MINUTE_MS, Staleness.STALE));
        assertThat(restored("30m")).isEqualTo(anewMs);
        stored.clear();
        said(NOW_MS - 61 * MINUTE_MS, NOW_MS - 62 * MINUTE_MS);
        assertThat(restored("30m")).isEqualTo(anewMs);
        stored.clear();
        said(NOW_MS - 2 * MINUTE_MS, NOW_MS - 60 * MINUTE_MS);
        assertThat(restored("9m")).isEqualTo(anewMs);
    }

    @Test
    void firesWhenPrometheusWould() throws Exception {
        long seed = Long.getLong("seed", 7);
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            long holdMs = (10 + random.nextInt(50)) * MINUTE_MS;
            long downMs = random.nextInt(59 * 60) * 1_000L;
            long spentMs = random.nextInt(90 * 60) * 1_000L;
            said(NOW_MS - downMs, NOW_MS - downMs - spentMs);
            stored.clear();
            long firesMs = restored(holdMs / 1_000 + "s") + holdMs;
            long leftMs = holdMs - spentMs;
            long expectedMs =
                    leftMs <= 0
                            ? NOW_MS - downMs + leftMs
                            : NOW_MS + Math.max(leftMs, 10 * MINUTE_MS);
            assertThat(firesMs).as("seed=%d round=%d", seed, i).isEqualTo(expectedMs);
        }
    }

    @Test
    void anotherNodeGoesOnWithoutAGap() throws Exception {
        GroupRun group = group("3m");
        said(NOW_MS - 4_000, NOW_MS - 4 * MINUTE_MS);
        assertThat(group.adopt(this::read, POLICY, NOW_MS)).isTrue();
        group.evaluate(NOW_MS);
        Alert alert = group.rules().getFirst().alerts().getFirst();
        assertThat(alert.state()).isEqualTo(AlertState.FIRING);
        assertThat(alert.activeAtMs()).isEqualTo(NOW_MS - 4 * MINUTE_MS);
        assertThat(stored)
                .extracting(sample -> sample.labels().metric())
                .containsExactly("ALERTS", "ALERTS_FOR_STATE");
    }

    @Test
    void anotherNodeEndsWhatHasEndedMeanwhile() throws Exception {
        GroupRun group = group("3m");
        said(NOW_MS - 4_000, NOW_MS - 4 * MINUTE_MS);
        active = false;
        assertThat(group.adopt(this::read, POLICY, NOW_MS)).isTrue();
        group.evaluate(NOW_MS);
        assertThat(stored).hasSize(2).allMatch(sample -> Staleness.isStale(sample.value()));
        List<Alert> told = new ArrayList<>();
        group.send(NOW_MS, Duration.ofMinutes(1), (_, alerts) -> told.addAll(alerts));
        assertThat(told).singleElement().extracting(Alert::resolvedAtMs).isEqualTo(NOW_MS);
    }
}
