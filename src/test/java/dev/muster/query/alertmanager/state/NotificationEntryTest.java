package dev.muster.query.alertmanager.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationEntryTest {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    private static Told told(long second, Set<Long> firing, Set<Long> resolved) {
        Instant at = START.plusSeconds(second);
        return new Told(at, at.plusSeconds(86_400), firing, resolved, print -> false);
    }

    private static NotificationEntry first(String node, long second, Set<Long> firing) {
        return NotificationEntry.after(Optional.empty(), node, told(second, firing, Set.of()));
    }

    @Test
    void whoKnowsTheOtherHoldsAlone() {
        NotificationEntry one = first("n1", 1, Set.of(1L, 2L));
        NotificationEntry next =
                NotificationEntry.after(Optional.of(one), "n2", told(5, Set.of(2L), Set.of(1L)));
        assertThat(one.merged(next)).isEqualTo(next);
        assertThat(next.merged(one)).isEqualTo(next);
        assertThat(next.toldOf(Set.of(1L))).isFalse();
    }

    @Test
    void ofTwoThatDoNotKnowOfEachOtherBothCount() {
        NotificationEntry one = first("n1", 1, Set.of(1L));
        NotificationEntry other = first("n2", 5, Set.of(2L));
        NotificationEntry both = one.merged(other);
        assertThat(other.merged(one)).isEqualTo(both);
        assertThat(both.toldOf(Set.of(1L, 2L))).isTrue();
        assertThat(due(both, Map.of(1L, START, 2L, START))).isFalse();
        // began after it was told: another time that it fires
        assertThat(due(both, Map.of(1L, START.plusSeconds(2), 2L, START))).isTrue();
        assertThat(due(both, Map.of(3L, START))).isTrue();
    }

    @Test
    void whatHasEndedSinceIsNotTold() {
        NotificationEntry one = first("n1", 1, Set.of(1L));
        NotificationEntry ended =
                NotificationEntry.after(Optional.empty(), "n2", told(5, Set.of(), Set.of(1L)));
        assertThat(one.merged(ended).toldOf(Set.of(1L))).isFalse();
        assertThat(due(one.merged(ended), Map.of(1L, START))).isTrue();
    }

    private static boolean due(NotificationEntry entry, Map<Long, Instant> firing) {
        return entry.needsUpdate(
                firing, Set.of(), true, Duration.ofHours(4), START.plusSeconds(60));
    }

    /// Nodes tell, die and hear of each other in any order; at the end all have the same, and an
    /// alert that any of them told of is not due.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theSameWhateverTheOrder(long seed) {
        Random random = new Random(Long.getLong("seed", seed));
        for (int round = 0; round < 200; round++) {
            List<NotificationEntry> all = new ArrayList<>();
            Map<String, NotificationEntry> nodes = new HashMap<>();
            Map<Long, Instant> fired = new HashMap<>();
            for (int step = 0; step < 8; step++) {
                String node = "n" + random.nextInt(3);
                long alert = random.nextInt(5);
                NotificationEntry mine = nodes.get(node);
                NotificationEntry next =
                        NotificationEntry.after(
                                Optional.ofNullable(mine),
                                node,
                                told(step, Set.of(alert), Set.of()));
                fired.put(alert, START);
                nodes.put(node, next);
                all.add(next);
                if (random.nextBoolean()) {
                    String other = "n" + random.nextInt(3);
                    nodes.merge(other, next, NotificationEntry::merged);
                }
            }
            NotificationEntry one = all.stream().reduce(NotificationEntry::merged).orElseThrow();
            Collections.shuffle(all, random);
            NotificationEntry other = all.stream().reduce(NotificationEntry::merged).orElseThrow();
            assertThat(other).as("seed=" + seed).isEqualTo(one);
            assertThat(due(one, fired)).as("seed=" + seed).isFalse();
        }
    }
}
