package dev.muster.query.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import dev.muster.federation.view.FleetEvent;
import dev.muster.federation.view.FleetLog;
import dev.muster.federation.view.FleetView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutsideWatchTest {
    private long nowMs = 1_700_000_000_000L;
    private final FleetView fleet =
            new FleetView(
                    Duration.ofSeconds(3),
                    () -> Instant.ofEpochMilli(nowMs),
                    () -> TimeUnit.MILLISECONDS.toNanos(nowMs));
    private final FleetLog log = new FleetLog();
    private final Map<String, Map<String, List<String>>> dead = new HashMap<>();
    private final OutsideWatch watch =
            new OutsideWatch(
                    fleet, (cell, _) -> dead.getOrDefault(cell, Map.of()), log::silentZones);

    OutsideWatchTest() {
        var _ = fleet.subscribe(log);
    }

    private void cell(String cell, String... hosts) {
        List<Member> members =
                List.of(hosts).stream()
                        .map(host ->
                                new Member(
                                        host,
                                        "http://" + host,
                                        "",
                                        new Place("z1", "r1"),
                                        1,
                                        new Upness.Up(5),
                                        Cause.NONE,
                                        Optional.empty(),
                                        false,
                                        List.of(),
                                        nowMs,
                                        1,
                                        1))
                        .toList();
        fleet.accept(new CellView(cell, hosts[0], 1, members, false, 1, true, nowMs));
    }

    private Upness upness(String cell, String host) {
        return fleet.state().cells().stream()
                .filter(c -> c.cell().equals(cell))
                .findFirst()
                .orElseThrow()
                .host(host)
                .orElseThrow()
                .upness();
    }

    @Test
    void aDeadCellIsShownWithItsWitnessesAndBackWhenItSpeaks() {
        cell("c1", "a", "b");
        cell("c2", "x");
        nowMs += 3_001;
        cell("c2", "x");
        fleet.refresh();
        watch.round();
        assertThat(upness("c1", "a").why()).contains(Cause.NO_OBSERVER);

        dead.put("c1", Map.of("a", List.of("c7", "c9"), "b", List.of("c7", "c9")));
        watch.round();
        assertThat(upness("c1", "a")).isInstanceOf(Upness.Down.class);
        assertThat(log.after(0).stream().filter(e -> e.host().equals("a")))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.from()).isEqualTo("up");
                    assertThat(event.to()).isEqualTo("down");
                    assertThat(event.cause()).isEqualTo(Cause.HOST_DOWN);
                    assertThat(event.witnesses()).containsExactly("cell c7", "cell c9");
                });

        dead.clear();
        watch.round();
        cell("c1", "a", "b");
        watch.round();
        assertThat(upness("c1", "a")).isInstanceOf(Upness.Up.class);
        assertThat(log.after(0).stream().filter(e -> e.host().equals("a")))
                .extracting(FleetEvent::to)
                .containsExactly("down", "up");
    }

    @Test
    void hostsOfAZoneOfWhichMuchFellSilentSaySo() {
        for (int i = 0; i < 5; i++) {
            cell("c" + i, "h" + i);
        }
        nowMs += 3_001;
        cell("c4", "h4");
        fleet.refresh();
        watch.round();
        assertThat(upness("c0", "h0").why()).contains(Cause.ZONE_STALE);
        assertThat(upness("c4", "h4")).isInstanceOf(Upness.Up.class);
        for (int i = 0; i < 5; i++) {
            cell("c" + i, "h" + i);
        }
        watch.round();
        assertThat(upness("c0", "h0")).isInstanceOf(Upness.Up.class);
        nowMs += 3_001;
        for (int i = 1; i < 5; i++) {
            cell("c" + i, "h" + i);
        }
        fleet.refresh();
        watch.round();
        assertThat(upness("c0", "h0").why()).as("one alone").contains(Cause.NO_OBSERVER);
    }
}
