package dev.muster.federation.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Onlookers;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.FleetEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FleetLogTest {
    private final FleetLog log = new FleetLog(100);
    private @Nullable CellState before;
    private long nowMs = 1_000_000;

    @Test
    void whatIsKnownAtFirstIsNoEvent() {
        show(cell("c", 5, Set.of(2)));
        assertThat(log.after(0)).isEmpty();
    }

    @Test
    void tellsAHostAndItsServicesWithCauseAndWitnesses() {
        show(cell("c", 20, Set.of()));
        show(cell("c", 20, Set.of(3)));
        List<FleetEvent> events = log.after(0);
        assertThat(events).extracting(FleetEvent::kind).containsExactly(Kind.HOST, Kind.SERVICE);
        FleetEvent host = events.getFirst();
        assertThat(host.host()).isEqualTo("h03");
        assertThat(host.from()).isEqualTo("up");
        assertThat(host.to()).isEqualTo("down");
        assertThat(host.cause()).isEqualTo(Cause.HOST_DOWN);
        assertThat(host.sinceMs()).isEqualTo(77);
        assertThat(host.witnesses()).containsExactly("a", "b");
        assertThat(events.getLast().instance()).isEqualTo("h03:80");
        assertThat(events.getLast().provenance()).isEqualTo(Provenance.HOST);
        assertThat(events).allMatch(event -> event.group() == 0);
        assertThat(log.after(host.id())).containsExactly(events.getLast());
    }

    @Test
    void manyHostsOfACellAtOnceAreOneGroup() {
        show(cell("c", 20, Set.of()));
        show(cell("c", 20, Set.of(1)));
        nowMs += 1_000;
        show(cell("c", 20, Set.of(1, 2)));
        nowMs += 1_000;
        show(cell("c", 20, Set.of(1, 2, 3)));
        nowMs += 4_000;
        show(cell("c", 20, Set.of(1, 2, 3, 4)));
        List<FleetEvent> events = log.after(0);
        List<FleetEvent> groups = events.stream().filter(e -> e.kind() == Kind.GROUP).toList();
        assertThat(groups).hasSize(1);
        assertThat(groups.getFirst().count()).isEqualTo(3);
        assertThat(groups.getFirst().cell()).isEqualTo("c");
        assertThat(events).allMatch(event -> event.group() == groups.getFirst().id());
        nowMs += 6_000;
        show(cell("c", 20, Set.of(1, 2, 3)));
        assertThat(log.since(nowMs)).hasSize(2).allMatch(event -> event.group() == 0);
    }

    @Test
    void aSilentCellIsOneEventAndWhatChangedMeanwhileIsToldAfterIt() {
        show(cell("c", 5, Set.of()));
        show(silent(cell("c", 5, Set.of())));
        assertThat(log.after(0))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.kind()).isEqualTo(Kind.CELL);
                    assertThat(event.to()).isEqualTo("unknown");
                    assertThat(event.cause()).isEqualTo(Cause.NO_OBSERVER);
                });
        show(cell("c", 5, Set.of(1)));
        assertThat(log.after(0))
                .extracting(FleetEvent::kind)
                .containsExactly(Kind.CELL, Kind.HOST, Kind.SERVICE, Kind.CELL);
    }

    @Test
    void theWitnessesOfADeathAreThoseWhoFoundIt() {
        show(cell("c", 5, Set.of()));
        CellState dead = cell("c", 5, Set.of(3));
        List<Member> members =
                dead.members().stream()
                        .map(m ->
                                m.upness() instanceof Upness.Down
                                        ? m.seenBy(
                                                new Onlookers(
                                                        List.of("h00", "h01", "h02"),
                                                        List.of("h04")))
                                        : m)
                        .toList();
        show(CellState.of("c", members, List.of("a"), 1, 10, false));
        assertThat(log.after(0))
                .isNotEmpty()
                .allSatisfy(event ->
                        assertThat(event.witnesses()).containsExactly("h00", "h01", "h02"));
    }

    @Test
    void manySilentCellsOfAZoneAreOneEventOfTheZone() {
        for (int i = 0; i < 8; i++) {
            before = null;
            show(cell("c" + i, 3, Set.of()));
        }
        for (int i = 0; i < 3; i++) {
            before = cell("c" + i, 3, Set.of());
            show(silent(cell("c" + i, 3, Set.of())));
            nowMs += 500;
        }
        assertThat(log.after(0).stream().filter(e -> e.kind() == Kind.ZONE))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.cause()).isEqualTo(Cause.ZONE_STALE);
                    assertThat(event.zone()).isEqualTo("z");
                });
        assertThat(log.silentZones()).containsExactly("z");
        for (int i = 0; i < 3; i++) {
            before = silent(cell("c" + i, 3, Set.of()));
            show(cell("c" + i, 3, Set.of()));
        }
        assertThat(log.silentZones()).isEmpty();
    }

    @Test
    void keepsOnlyTheYoungest() {
        show(cell("c", 200, Set.of()));
        for (int i = 0; i < 80; i++) {
            nowMs += 10_000;
            show(cell("c", 200, Set.of(i)));
        }
        assertThat(log.size()).isEqualTo(100);
        assertThat(log.dropped()).isPositive();
    }

    private void show(CellState now) {
        log.changed(before, now, nowMs);
        before = now;
    }

    private static CellState cell(String cell, int hosts, Set<Integer> down) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            boolean dead = down.contains(i);
            String host = String.format("h%02d", i);
            members.add(
                    new Member(
                            host,
                            "http://" + host,
                            "",
                            new Place("z", "r" + i),
                            1,
                            dead ? new Upness.Down(77, Cause.HOST_DOWN) : new Upness.Up(5),
                            Cause.NONE,
                            Optional.empty(),
                            false,
                            List.of(
                                    new ServiceState(
                                            "shop",
                                            host + ":80",
                                            dead ? Health.DOWN : Health.UP,
                                            dead ? Provenance.HOST : Provenance.OWN,
                                            dead ? "host down" : "",
                                            6)),
                            4,
                            1,
                            1));
        }
        return CellState.of(cell, members, List.of("a", "b", "h03"), 1, 10, false);
    }

    private static CellState silent(CellState cell) {
        List<Member> members =
                cell.members().stream()
                        .map(m ->
                                m.with(
                                        new Upness.Unknown(9, Cause.NO_OBSERVER),
                                        m.services().stream()
                                                .map(s -> s.unknownBecause("no observer", 9))
                                                .toList()))
                        .toList();
        return CellState.of(cell.cell(), members, List.of(), 0, 9_000, false);
    }
}
