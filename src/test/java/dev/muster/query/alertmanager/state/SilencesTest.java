package dev.muster.query.alertmanager.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.match.Matcher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SilencesTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private int ids;
    private final Silences silences =
            new Silences(20_000, Duration.ofHours(1), () -> "s" + ids++, (silence, fresh) -> {});

    private static Silence silence(String id, List<Matcher> matchers) {
        return new Silence(
                id, matchers, NOW, NOW.plusSeconds(3_600), NOW, "jo", "why", new TreeMap<>());
    }

    @Test
    void findsWhatLookingAtAllWouldFind() throws Exception {
        Random random = new Random(Long.getLong("seed", 3));
        for (int i = 0; i < 400; i++) {
            List<Matcher> matchers = new ArrayList<>();
            for (int j = random.nextInt(3); j >= 0; j--) {
                matchers.add(
                        Matcher.of(
                                "l" + random.nextInt(3),
                                Matcher.Op.values()[random.nextInt(4)],
                                "v" + random.nextInt(4)));
            }
            if (matchers.stream().anyMatch(matcher -> !matcher.matches(""))) {
                String id = silences.set(silence("", matchers), NOW);
                if (random.nextInt(4) == 0) {
                    silences.expire(id, NOW.plusSeconds(1));
                }
            }
        }
        Instant later = NOW.plusSeconds(5);
        for (int i = 0; i < 500; i++) {
            Labels labels =
                    Labels.of(
                            "l0", "v" + random.nextInt(5), "l1", "v" + random.nextInt(5), "x", "y");
            List<String> expected =
                    silences.all().stream()
                            .filter(each -> each.state(later) == Silence.State.ACTIVE)
                            .filter(each -> Matcher.all(each.matchers(), labels))
                            .map(Silence::id)
                            .sorted()
                            .toList();
            assertThat(silences.silencing(labels, later)).isEqualTo(expected);
        }
        silences.collect(NOW.plus(Duration.ofDays(1)));
        assertThat(silences.silencing(Labels.of("l0", "v1"), later)).isEmpty();
    }

    @Test
    void tenThousandSilencesHoldBackTenThousandAlertsInNoTime() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            silences.set(
                    silence(
                            "",
                            List.of(
                                    Matcher.equal("alertname", "HostDown"),
                                    Matcher.equal("host", "h" + i))),
                    NOW);
        }
        long began = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            assertThat(silences.silencing(Labels.of("alertname", "HostDown", "host", "h" + i), NOW))
                    .hasSize(1);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }
}
