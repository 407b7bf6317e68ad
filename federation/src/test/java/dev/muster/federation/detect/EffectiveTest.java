package dev.muster.federation.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.detect.Effective.Basis;
import dev.muster.federation.detect.Effective.Fallback;
import dev.muster.federation.detect.Peer.Lane;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceBits;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EffectiveTest {
    private static final ServiceState UP = ServiceState.own("j", "i", true, "", 1);
    private static final RosterEntry AGENT = RosterEntry.active("h", "http://h", 3);
    private static final Frame.Report REPORT =
            new Frame.Report(AGENT, 1, 0, Optional.empty(), List.of(UP));
    private static final Fallback LOST = Fallback.of(new Upness.Down(50, Cause.AGENT_DOWN));
    private static final Fallback DEAD = Fallback.of(new Upness.Down(50, Cause.HOST_DOWN));

    static LongStream seeds() {
        return Seeds.few();
    }

    @Test
    void theOwnAgentIsBelievedBeforeAllOthers() {
        List<Lane> lanes = List.of(lane("a", 1, ProbeResult.ALIVE, Health.DOWN));
        assertThat(of(true, lanes, LOST)).isEqualTo(UP);
    }

    @Test
    void bitsOfABeatAreNewerThanTheReport() {
        ServiceState down = ServiceState.own("j", "i", false, "x", 2);
        var basis =
                new Basis(
                        REPORT,
                        ServiceBits.of(List.of(down)),
                        true,
                        List.of(),
                        List.of(),
                        LOST,
                        false);
        assertThat(Effective.of(basis))
                .containsExactly(
                        new ServiceState("j", "i", Health.DOWN, Provenance.OWN, "down", 1));
    }

    @Test
    void withoutAnyoneWhoLooksItIsUnknownAndNeverDown() {
        assertThat(of(false, List.of(), LOST)).isEqualTo(UP.unknownBecause("agent down", 50));
    }

    @Test
    void aDeadHostTakesItsServicesWithIt() {
        List<Lane> lanes = List.of(lane("a", 1, ProbeResult.SILENT, Health.DOWN));
        assertThat(of(false, lanes, DEAD))
                .isEqualTo(UP.as(Health.DOWN, Provenance.HOST, "host down", 50));
        assertThat(of(false, lanes, LOST).health()).isEqualTo(Health.UNKNOWN);
    }

    @Test
    void maintenanceIsNeitherUpNorDown() {
        var basis = new Basis(REPORT, null, true, List.of(), List.of(), LOST, true);
        assertThat(Effective.of(basis).getFirst().health()).isEqualTo(Health.MAINT);
    }

    /// More evidence never makes less known, and an answer is never talked down.
    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void growsWithTheEvidence(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            List<Lane> lanes = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                lanes.add(randomLane("o" + i, random));
            }
            Fallback fallback = random.nextBoolean() ? LOST : DEAD;
            ServiceState less = of(false, lanes, fallback);
            List<Lane> more = new ArrayList<>(lanes);
            more.add(randomLane("more", random));
            ServiceState after = of(false, more, fallback);
            if (less.health() != Health.UNKNOWN) {
                assertThat(after.health()).as("seed=%d", seed).isNotEqualTo(Health.UNKNOWN);
            }
            if (less.health() == Health.UP) {
                assertThat(after.health()).as("seed=%d", seed).isEqualTo(Health.UP);
            }
            Collections.shuffle(more, random);
            assertThat(of(false, more, fallback)).as("seed=%d", seed).isEqualTo(after);
        }
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void mergingIsCommutativeAssociativeAndIdempotent(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            ServiceState a = randomState(random);
            ServiceState b = randomState(random);
            ServiceState c = randomState(random);
            assertThat(Effective.firmer(a, b)).isEqualTo(Effective.firmer(b, a));
            assertThat(Effective.firmer(a, a)).isEqualTo(a);
            assertThat(Effective.firmer(Effective.firmer(a, b), c))
                    .isEqualTo(Effective.firmer(a, Effective.firmer(b, c)));
        }
    }

    /// Whatever the order, doubles and losses of the rest: the newest word of each observer holds.
    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void lanesMergeByMaximumInAnyOrder(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<Lane> words = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String observer = "o" + random.nextInt(3);
                int seq = 1 + random.nextInt(5);
                words.add(lane(observer, seq, ProbeResult.ALIVE, Health.ofCode(seq % 3)));
            }
            var first = new HashSet<>(merge(words));
            words.addAll(List.copyOf(words));
            Collections.shuffle(words, random);
            assertThat(new HashSet<>(merge(words))).as("seed=%d", seed).isEqualTo(first);
        }
    }

    private static List<Lane> merge(List<Lane> words) {
        List<Lane> lanes = List.of();
        for (Lane word : words) {
            lanes = Takeovers.merged(lanes, word);
        }
        return lanes;
    }

    private static ServiceState of(boolean own, List<Lane> lanes, Fallback fallback) {
        var basis = new Basis(REPORT, null, own, List.of(), lanes, fallback, false);
        return Effective.of(basis).getFirst();
    }

    private static Lane randomLane(String observer, Random random) {
        ProbeResult probe = ProbeResult.values()[random.nextInt(4)];
        Health health = Health.ofCode(random.nextInt(3));
        boolean contradicts = probe == ProbeResult.SILENT && health == Health.UP;
        return lane(observer, 1, contradicts ? ProbeResult.ALIVE : probe, health);
    }

    private static Lane lane(String observer, long seq, ProbeResult probe, Health health) {
        String why = health == Health.UP ? "" : "why";
        List<ServiceState> services = List.of(ServiceState.peer("j", "i", health, why, 9));
        return new Lane(new Frame.Taken(observer, 1, seq, "h", 3, probe, services), 0);
    }

    private static ServiceState randomState(Random random) {
        Health health = Health.ofCode(random.nextInt(4));
        Provenance by = random.nextBoolean() ? Provenance.PEER : Provenance.INFERRED;
        String why = health == Health.UP ? "" : "w" + random.nextInt(2);
        return new ServiceState("j", "i", health, by, why, random.nextInt(3));
    }
}
