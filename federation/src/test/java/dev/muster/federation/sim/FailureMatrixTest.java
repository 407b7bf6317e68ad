package dev.muster.federation.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Onlookers;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.FleetEvent;
import dev.muster.federation.view.FleetEvent.Kind;
import dev.muster.federation.view.HostState;
import java.util.List;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.Test;

/// What a query node shows of each kind of failure: the rows of the table in `docs/federation.md`.
class FailureMatrixTest {
    private static final int SIZE = 16;
    private static final int VICTIM = 5;

    private final CellWorld world =
            new CellWorld(Long.getLong("seed", 11), CellWorld.Plan.of(SIZE));
    private final SimulatedQuery query = world.queries.getFirst();

    private HostState shown(int host) {
        return query.state().host(world.host(host).name).orElseThrow();
    }

    private ObjectAssert<HostState> assertDown(Cause cause) {
        HostState shown = shown(VICTIM);
        assertThat(shown.upness()).isInstanceOf(Upness.Down.class);
        assertThat(shown.upness().why()).contains(cause);
        assertThat(events(Kind.HOST))
                .last()
                .satisfies(event -> {
                    assertThat(event.host()).isEqualTo(shown.host());
                    assertThat(event.to()).isEqualTo("down");
                    assertThat(event.cause()).isEqualTo(cause);
                    assertThat(event.witnesses()).isNotEmpty().doesNotContain(shown.host());
                });
        assertOthersAreWell();
        return assertThat(shown);
    }

    private void assertOthersAreWell() {
        for (int host = 0; host < SIZE; host++) {
            if (host != VICTIM) {
                assertThat(shown(host).isUp()).as("host %d", host).isTrue();
                assertServices(host, Health.UP, Provenance.OWN);
            }
        }
    }

    private void assertServices(int host, Health health, Provenance by) {
        List<ServiceState> services = shown(host).services().list();
        assertThat(services)
                .hasSize(world.host(host).services.count())
                .allMatch(service -> service.health() == health && service.provenance() == by);
    }

    private List<FleetEvent> events(Kind kind) {
        return query.log.after(0).stream().filter(event -> event.kind() == kind).toList();
    }

    @Test
    void aDeadHostIsDownWithItsServicesByTheWordOfAQuorum() {
        world.powerOff(VICTIM);
        world.run(5_000);
        assertDown(Cause.HOST_DOWN)
                .satisfies(host ->
                        assertThat(host.onlookers().witnesses())
                                .hasSizeGreaterThanOrEqualTo(2 * (SIZE - 1) / 3));
        assertServices(VICTIM, Health.DOWN, Provenance.HOST);
    }

    @Test
    void theServicesOfAKilledAgentGoOnByTwoPeers() {
        world.kill(VICTIM);
        world.run(5_000);
        assertDown(Cause.AGENT_DOWN)
                .satisfies(host -> assertThat(host.onlookers().takers()).hasSize(2));
        assertServices(VICTIM, Health.UP, Provenance.PEER);
    }

    @Test
    void aFrozenAgentIsStalledAndItsServicesGoOnByPeers() {
        world.pause(VICTIM, 10_000);
        world.run(6_000);
        assertDown(Cause.AGENT_STALLED);
        assertServices(VICTIM, Health.UP, Provenance.PEER);
        world.run(10_000);
        assertThat(shown(VICTIM).isUp()).isTrue();
        assertThat(shown(VICTIM).onlookers()).isEqualTo(Onlookers.NONE);
        assertServices(VICTIM, Health.UP, Provenance.OWN);
    }

    @Test
    void aHostThatHearsNobodyIsUpWithANote() {
        for (int other = 0; other < SIZE; other++) {
            if (other != VICTIM) {
                world.network.cut(other, VICTIM);
            }
        }
        world.deaf(VICTIM, true);
        world.run(6_000);
        assertThat(shown(VICTIM).isUp()).isTrue();
        assertThat(shown(VICTIM).note()).isEqualTo(Cause.ONE_WAY);
        assertServices(VICTIM, Health.UP, Provenance.OWN);
        assertOthersAreWell();
        assertThat(events(Kind.HOST)).noneMatch(event -> event.to().equals("down"));
    }

    @Test
    void oneBadLinkIsNothing() {
        world.network.cutBoth(VICTIM, VICTIM + 1);
        world.run(10_000);
        assertThat(shown(VICTIM).isUp()).isTrue();
        assertThat(shown(VICTIM).note()).isEqualTo(Cause.NONE);
        assertOthersAreWell();
        assertThat(query.log.after(0)).isEmpty();
    }

    @Test
    void aBrokenBusIsAWarningAndNoChangeOfState() {
        world.bus(false);
        world.run(5_000);
        assertThat(query.state().degraded()).isTrue();
        assertThat(shown(VICTIM).isUp()).isTrue();
        assertOthersAreWell();
        assertThat(query.log.after(0)).isEmpty();
    }

    @Test
    void aCellThatCannotBeHeardIsUnknownAndNeverDown() {
        query.cut = true;
        world.run(6_000);
        assertThat(query.state().stale()).isTrue();
        assertThat(query.state().coverage()).isZero();
        for (int host = 0; host < SIZE; host++) {
            assertThat(shown(host).upness().why()).contains(Cause.NO_OBSERVER);
            assertServices(host, Health.UNKNOWN, Provenance.NONE);
        }
        assertThat(query.log.after(0)).extracting(FleetEvent::kind).containsExactly(Kind.CELL);
    }
}
