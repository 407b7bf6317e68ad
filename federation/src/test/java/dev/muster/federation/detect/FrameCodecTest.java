package dev.muster.federation.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.federation.detect.RosterEntry.Presence;
import dev.muster.federation.member.Damage;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Golden;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceBits;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.StateHash;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrameCodecTest {
    private static final RosterEntry A = RosterEntry.active("a", "http://a:9640", 1_763_820_000L);

    private static final List<ServiceState> SERVICES =
            List.of(
                    ServiceState.own("shop", "localhost:80", true, "", 5),
                    ServiceState.own("db", "localhost:5432", false, "timeout", 6),
                    ServiceState.own("cart", "localhost:81", true, "", 5),
                    ServiceState.peer("mail", "b:25", Health.UNKNOWN, "no capacity to look", 7),
                    new ServiceState(
                            "web", "b:80", Health.MAINT, Provenance.OWN, "maintenance", 8));

    private final FrameCodec codec = new FrameCodec("c1");

    static Stream<Arguments> frames() {
        var b = new RosterEntry("b", "", "", Place.NONE, 3, Presence.LEFT);
        var c =
                new RosterEntry(
                        "c",
                        "http://c:9640",
                        "10.0.0.3:9642",
                        new Place("z1", "r2"),
                        4,
                        Presence.FORGOTTEN);
        return Stream.of(
                Arguments.of(
                        "beat",
                        new Frame.Beat(
                                StateHash.ofHost("a"),
                                1_763_820_000L,
                                17,
                                1_763_820_009_500L,
                                0x12345678,
                                0x9ABCDEF0,
                                5,
                                2,
                                0x0BADCAFE,
                                0x600DCAFE,
                                ServiceBits.of(SERVICES))),
                Arguments.of("roster", new Frame.RosterFrame(List.of(A, b, c))),
                Arguments.of(
                        "report",
                        new Frame.Report(
                                A,
                                2,
                                1_763_820_009_000L,
                                Optional.of(
                                        new Intent(
                                                Intent.Kind.RESTARTING,
                                                1_763_820_039_000L,
                                                "rollout")),
                                SERVICES)),
                Arguments.of("ask", new Frame.Ask("b")),
                Arguments.of(
                        "taken",
                        new Frame.Taken("a", 9, 3, "b", 4, ProbeResult.REFUSED, SERVICES)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void readsAndWritesTheBytesOfItsVersion(String name, Frame frame) throws FrameException {
        byte[] golden = Golden.read("cell-" + name + "-v2.hex");
        assertThat(codec.decode(golden)).isEqualTo(frame);
        assertThat(codec.encode(frame)).isEqualTo(golden);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void refusesEveryTurnedBitAndEveryCut(String name, Frame frame) {
        byte[] bytes = codec.encode(frame);
        Damage.everyBit(bytes, this::assertRefused);
        Damage.everyLength(bytes, this::assertRefused);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void refusesForgedBytesOrReadsWhatTheySay(String name, Frame frame) {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] forged = Damage.forged(codec.encode(frame), random);
            try {
                assertThat(codec.encode(codec.decode(forged))).isEqualTo(forged);
            } catch (FrameException e) {
                assertThat(e).hasMessageMatching("(?s)(frame|provenance|intent) .*");
            }
        }
    }

    @Test
    void refusesFramesOfAnotherCell() {
        byte[] bytes = new FrameCodec("c2").encode(new Frame.Ask("b"));
        assertThatThrownBy(() -> codec.decode(bytes))
                .isInstanceOf(FrameException.class)
                .hasMessage("frame type=4 offsetBytes=8: frame must be of this cell");
    }

    private void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> codec.decode(bytes)).isInstanceOf(FrameException.class);
    }
}
