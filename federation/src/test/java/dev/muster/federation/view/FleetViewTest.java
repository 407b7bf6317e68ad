package dev.muster.federation.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FleetViewTest {
    private static final ServiceState SHOP = ServiceState.own("shop", "s:1", true, "", 1);
    private static final ServiceState SHOP_DOWN =
            ServiceState.own("shop", "s:1", false, "timeout", 2);
    private static final ServiceState SHOP_AGENT_DOWN =
            ServiceState.own("shop", "s:1", false, "agent down", 9);

    private long nowMs = 1_000;
    private final FleetView fleet =
            new FleetView(
                    Duration.ofSeconds(3),
                    () -> Instant.ofEpochMilli(1_700_000_000_000L + nowMs),
                    () -> TimeUnit.MILLISECONDS.toNanos(nowMs));

    @Test
    void isEmptyAtFirst() {
        assertThat(fleet.state()).isEqualTo(new FleetState(List.of(), 1));
    }

    @Test
    void showsWhatOneObserverSees() {
        fleet.accept(view("a", 1, 1, up("a", 1, 5), up("b", 1, 7, SHOP)));
        CellState cell = cell();
        assertThat(cell.members()).containsExactly(up("a", 1, 5), up("b", 1, 7, SHOP));
        assertThat(cell.observers()).containsExactly("a");
        assertThat(cell.coverage()).isEqualTo(1);
        assertThat(cell.stale()).isFalse();
    }

    @Test
    void silenceOfAllIsUnknownAndNeverDown() {
        fleet.accept(view("a", 1, 1, up("a", 1, 5), up("b", 1, 7, SHOP), left("c", 1)));
        nowMs += 3_001;
        CellState cell = cell();
        assertThat(cell.stale()).isTrue();
        assertThat(cell.coverage()).isZero();
        assertThat(cell.ageMs()).isEqualTo(3_001);
        assertThat(cell.members().get(1).upness())
                .isEqualTo(new Upness.Unknown(1_700_000_001_000L, Cause.NO_OBSERVER));
        assertThat(cell.members().get(1).services())
                .containsExactly(SHOP.unknownBecause("no observer", 1_700_000_001_000L));
        assertThat(cell.members().get(2).upness().label()).isEqualTo("left");
        nowMs += TimeUnit.HOURS.toMillis(30);
        assertThat(cell().members()).isEmpty();
    }

    @Test
    void theSecondObserverGoesOnWhenTheFirstFallsSilent() {
        fleet.accept(view("a", 1, 9, up("a", 1, 50), up("b", 1, 70)));
        nowMs += 3_500;
        fleet.accept(view("b", 1, 1, down("a", 1, 49), up("b", 1, 77)));
        assertThat(member("a").upness().label()).isEqualTo("down");
        assertThat(cell().observers()).containsExactly("b");
    }

    @Test
    void downStandsAgainstAnUpThatHasHeardNoLaterBeat() {
        fleet.accept(view("a", 1, 1, up("c", 1, 100)));
        fleet.accept(view("b", 1, 1, down("c", 1, 100)));
        assertThat(member("c").upness().label()).isEqualTo("down");
    }

    @Test
    void aLaterBeatStandsAgainstDown() {
        fleet.accept(view("a", 1, 1, up("c", 1, 101)));
        fleet.accept(view("b", 1, 1, down("c", 1, 100)));
        assertThat(member("c").upness().label()).isEqualTo("up");
    }

    @Test
    void aVerdictStandsAgainstTheDoubtOfAnIsolatedObserver() {
        fleet.accept(view("a", 1, 1, suspect("c", 1, 105)));
        fleet.accept(view("b", 1, 1, down("c", 1, 100)));
        assertThat(member("c").upness().label()).isEqualTo("down");
        fleet.accept(view("b", 1, 2, up("c", 1, 101)));
        assertThat(member("c").upness().label()).isEqualTo("up");
    }

    @Test
    void aNewerRunStandsAgainstEverythingOlder() {
        fleet.accept(view("a", 1, 1, down("c", 1, 100)));
        fleet.accept(view("b", 1, 1, up("c", 2, 1)));
        assertThat(member("c")).isEqualTo(up("c", 2, 1));
    }

    @Test
    void takesServicesFromTheNewestReport() {
        fleet.accept(view("a", 1, 1, reported(up("c", 1, 100, SHOP), 4)));
        fleet.accept(view("b", 1, 1, reported(up("c", 1, 99, SHOP_DOWN), 5)));
        assertThat(member("c").services()).containsExactly(SHOP_DOWN);
        assertThat(member("c").seq()).isEqualTo(100);
    }

    @Test
    void anObserverThatHasJustStartedDoesNotRollBack() {
        fleet.accept(view("a", 1, 9, up("a", 1, 50), up("b", 1, 70, SHOP), down("c", 3, 8)));
        CellView restarted = view("a", 2, 1, up("a", 2, 1), suspect("b", 1, 0), suspect("c", 2, 0));
        fleet.accept(unsettled(restarted));
        assertThat(member("a")).isEqualTo(up("a", 2, 1));
        assertThat(HostState.of(member("b"))).isEqualTo(HostState.of(up("b", 1, 70, SHOP)));
        assertThat(member("c").upness().label()).isEqualTo("down");
        fleet.accept(unsettled(view("a", 2, 1, up("a", 2, 1))));
        assertThat(HostState.of(member("b"))).isEqualTo(HostState.of(up("b", 1, 70, SHOP)));
        for (int i = 0; i < 35; i++) {
            nowMs += 1_000;
            fleet.accept(unsettled(view("a", 2, 2 + i, up("a", 2, 1))));
        }
        assertThat(member("b").upness().label()).isEqualTo("unknown");
        assertThat(cell().coverage()).isBetween(0.3, 0.4);
    }

    @Test
    void refusesOlderViewsOfAnObserver() {
        assertThat(fleet.accept(view("a", 2, 5, up("a", 2, 9)))).isTrue();
        assertThat(fleet.accept(view("a", 2, 4, up("a", 2, 8)))).isFalse();
        assertThat(fleet.accept(view("a", 1, 99, up("a", 1, 8)))).isFalse();
        assertThat(fleet.accept(view("a", 2, 5, up("a", 2, 10)))).isTrue();
        assertThat(member("a").seq()).isEqualTo(10);
    }

    @Test
    void anObserverWhoseClockworkStandsStillIsSilent() {
        CellView frozen = view("a", 1, 1, up("a", 1, 5));
        for (int i = 0; i < 5; i++) {
            fleet.accept(frozen);
            nowMs += 1_000;
        }
        assertThat(cell().stale()).isTrue();
    }

    @Test
    void doesNotDependOnTheOrderOfViews() {
        List<CellView> views =
                List.of(
                        view(
                                "a",
                                1,
                                3,
                                up("a", 1, 9),
                                down("b", 1, 7, SHOP_AGENT_DOWN),
                                up("c", 2, 4, SHOP)),
                        view("b", 1, 3, up("a", 1, 8), up("b", 1, 7, SHOP), suspect("c", 2, 9)),
                        view(
                                "c",
                                2,
                                3,
                                suspect("a", 1, 3),
                                suspect("b", 1, 6),
                                up("c", 2, 10, SHOP_DOWN)));
        var results =
                IntStream.range(0, 6)
                        .mapToObj(order -> {
                            var other = new FleetView(Duration.ofSeconds(3), Instant::now, () -> 0);
                            List<CellView> rest = new ArrayList<>(views);
                            other.accept(rest.remove(order % 3));
                            other.accept(rest.remove(order % 2));
                            other.accept(rest.removeFirst());
                            return other.state();
                        })
                        .distinct();
        assertThat(results).hasSize(1);
    }

    @Test
    void tellsListenersOfChangesAndOfSilenceButNotOfBeats() throws Exception {
        List<CellState> told = new ArrayList<>();
        AutoCloseable subscription = fleet.subscribe((before, after, atMs) -> told.add(after));
        fleet.accept(view("a", 1, 1, up("a", 1, 5)));
        fleet.accept(view("a", 1, 1, up("a", 1, 6)));
        assertThat(told).hasSize(1);
        fleet.accept(view("a", 1, 2, up("a", 1, 7), up("b", 1, 1)));
        assertThat(told).hasSize(2);
        nowMs += 4_000;
        fleet.refresh();
        fleet.refresh();
        assertThat(told).hasSize(3);
        assertThat(told.getLast().stale()).isTrue();
        subscription.close();
        fleet.accept(view("a", 1, 3, up("a", 1, 8)));
        assertThat(told).hasSize(3);
    }

    @Test
    void aHostThatOtherCellsFoundDeadIsDownWhereItsOwnCellHasNoVerdict() {
        fleet.accept(view("a", 1, 1, up("a", 1, 5), up("b", 1, 7, SHOP), suspect("c", 1, 3)));
        fleet.outside(
                "c1", new Outside(Map.of("b", List.of("c7"), "c", List.of("c7", "c9")), false));
        assertThat(member("b").upness()).as("its own cell hears it").isEqualTo(new Upness.Up(3));
        assertThat(member("c").upness()).isEqualTo(new Upness.Down(8, Cause.HOST_DOWN));
        assertThat(member("c").onlookers().witnesses()).containsExactly("cell c7", "cell c9");

        nowMs += 3_001;
        Member b = member("b");
        assertThat(b.upness()).isEqualTo(new Upness.Down(1_700_000_001_000L, Cause.HOST_DOWN));
        assertThat(b.services())
                .singleElement()
                .satisfies(service -> {
                    assertThat(service.health()).isEqualTo(Health.DOWN);
                    assertThat(service.provenance()).isEqualTo(Provenance.HOST);
                });
        assertThat(member("a").upness())
                .isEqualTo(new Upness.Unknown(1_700_000_001_000L, Cause.NO_OBSERVER));
        assertThat(cell().stale()).isTrue();

        fleet.outside("c1", new Outside(Map.of(), true));
        assertThat(member("b").upness())
                .isEqualTo(new Upness.Unknown(1_700_000_001_000L, Cause.ZONE_STALE));
        fleet.outside("c1", Outside.NOTHING);
        fleet.accept(view("a", 1, 2, up("a", 1, 6), up("b", 1, 8, SHOP)));
        assertThat(member("b").upness()).isEqualTo(new Upness.Up(3));
    }

    @Test
    void twoThatShowTheSameHaveOneDigestWhateverTheyKnowBesides() {
        var digest = new FleetDigest();
        String empty = digest.of(fleet.state());
        fleet.accept(view("a", 1, 1, up("a", 1, 5), up("b", 1, 7, SHOP), left("c", 1)));
        String both = digest.of(fleet.state());
        assertThat(both).isNotEqualTo(empty).isEqualTo(digest.of(fleet.state()));
        var other =
                new FleetView(
                        Duration.ofSeconds(3), () -> Instant.ofEpochMilli(9), () -> 1_000_000_000L);
        other.accept(view("b", 4, 9, up("a", 1, 6), up("b", 1, 9, SHOP)));
        assertThat(new FleetDigest().of(other.state())).isEqualTo(both);
        fleet.accept(view("a", 1, 2, up("a", 1, 5), up("b", 1, 7, SHOP_DOWN)));
        assertThat(digest.of(fleet.state())).isNotEqualTo(both);
    }

    private long serial;

    private CellView view(String observer, long run, long version, Member... members) {
        return new CellView(
                "c1", observer, version, Arrays.asList(members), false, run, true, serial++);
    }

    private static CellView unsettled(CellView v) {
        return new CellView(
                v.cell(),
                v.observer(),
                v.version(),
                v.members(),
                v.degraded(),
                v.observerIncarnation(),
                false,
                v.atMs());
    }

    private CellState cell() {
        return fleet.state().cells().getFirst();
    }

    private Member member(String host) {
        return cell().members().stream()
                .filter(m -> m.host().equals(host))
                .findFirst()
                .orElseThrow();
    }

    private static Member up(String host, long run, long seq, ServiceState... services) {
        return member(host, run, seq, new Upness.Up(3), services);
    }

    private static Member down(String host, long run, long seq, ServiceState... services) {
        return member(host, run, seq, new Upness.Down(9, Cause.AGENT_DOWN), services);
    }

    private static Member suspect(String host, long run, long seq) {
        return member(host, run, seq, new Upness.Suspect(8, Cause.UNREACHABLE));
    }

    private static Member left(String host, long run) {
        return member(host, run, 0, new Upness.Left(8));
    }

    private static Member member(
            String host, long run, long seq, Upness upness, ServiceState... services) {
        return new Member(host, "http://" + host, run, upness, List.of(services), 4, seq, 1);
    }

    private static Member reported(Member m, long reportSeq) {
        return new Member(
                m.host(),
                m.httpUrl(),
                m.incarnation(),
                m.upness(),
                m.services(),
                m.heardMs(),
                m.seq(),
                reportSeq);
    }
}
