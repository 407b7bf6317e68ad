package dev.muster.federation.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.federation.detect.Seeds;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Damage;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Golden;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.stream.StreamFrame.Changed;
import dev.muster.federation.stream.StreamFrame.Delta;
import dev.muster.federation.stream.StreamFrame.Hints;
import dev.muster.federation.stream.StreamFrame.KeepAlive;
import dev.muster.federation.stream.StreamFrame.Known;
import dev.muster.federation.stream.StreamFrame.KnownHint;
import dev.muster.federation.stream.StreamFrame.Removed;
import dev.muster.federation.stream.StreamFrame.Subscribe;
import dev.muster.federation.view.CellState.Counts;
import dev.muster.federation.view.HostState;
import dev.muster.federation.view.ObserverView;
import dev.muster.federation.view.ObserverView.Line;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StreamCodecTest {
    private static final StreamCodec CODEC = new StreamCodec();
    private static final Predicate<String> A_REFUSAL =
            Pattern.compile("(frame|cause|names|prov|intent) ?.*", Pattern.DOTALL)
                    .asMatchPredicate();

    private static Stream<Arguments> frames() {
        return Stream.of(
                Arguments.of("subscribe", subscribe()),
                Arguments.of("delta", delta()),
                Arguments.of("keep-alive", keepAlive()),
                Arguments.of("hints", hints()));
    }

    static LongStream seeds() {
        return Seeds.few();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void readsAndWritesTheBytesOfThisVersion(String name, StreamFrame frame) throws FrameException {
        byte[] golden = Golden.read("stream-" + name + "-v2.hex");
        assertThat(CODEC.encode(frame)).isEqualTo(golden);
        assertThat(CODEC.decode(golden)).isEqualTo(frame);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void refusesEveryTurnedBitAndEveryCut(String name, StreamFrame frame) {
        byte[] bytes = CODEC.encode(frame);
        Damage.everyBit(bytes, StreamCodecTest::assertRefused);
        Damage.everyLength(bytes, StreamCodecTest::assertRefused);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void refusesForgedBytesOrReadsWhatTheySay(long seed) {
        var random = new Random(seed);
        int taken = 0;
        for (StreamFrame frame : List.of(subscribe(), delta(), keepAlive(), hints())) {
            byte[] bytes = CODEC.encode(frame);
            for (int i = 0; i < 10_000; i++) {
                byte[] forged = Damage.forged(bytes, random);
                try {
                    assertThat(CODEC.encode(CODEC.decode(forged))).isEqualTo(forged);
                    taken++;
                } catch (FrameException e) {
                    assertThat(String.valueOf(e.getMessage())).matches(A_REFUSAL);
                }
            }
        }
        assertThat(taken).isPositive();
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void readsWhatItWrote(long seed) throws FrameException {
        var random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            var cell = new RandomCells("c", "h0", random);
            ObserverView view = ObserverView.of(cell.view());
            for (int at = 0; at < view.size(); at++) {
                HostState state = view.host(at);
                var line = new Line(state, view.seq(at), view.heardMs(at));
                Delta delta = deltaOf(view.head(), List.of(new Changed(line, i)), List.of());
                StreamFrame read = CODEC.decode(CODEC.encode(delta));
                assertThat(read).isEqualTo(delta);
                HostState again = ((Delta) read).lines().getFirst().line().state();
                assertThat(again.hash()).isEqualTo(state.hash());
                assertThat(again.member(1, 2))
                        .isEqualTo(state.member(1, 2))
                        .isEqualTo(withBeat(cell.view().members().get(at)));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void saysWhatIsWrong(String name, StreamFrame frame) {
        byte[] newer = CODEC.encode(frame);
        newer[2] = 9;
        assertThatThrownBy(() -> CODEC.decode(newer))
                .isInstanceOf(FrameException.class)
                .hasMessageStartingWith("frame must be of a known version");
        assertThatThrownBy(() -> CODEC.decode(new byte[StreamCodec.FRAME_LIMIT + 1]))
                .hasMessage("stream frame must be at most 8388608 bytes: length=8388609");
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> CODEC.decode(bytes)).isInstanceOf(FrameException.class);
    }

    private static Subscribe subscribe() {
        return new Subscribe(
                List.of(new Known(1, 2, 3), new Known(-4, 5, -6)),
                List.of(new KnownHint(7, 8)),
                true);
    }

    private static Delta delta() {
        Member up =
                new Member(
                        "a",
                        "http://a:9640",
                        "10.0.0.1:9641",
                        new Place("north", "r7"),
                        1_763_820_000L,
                        new Upness.Up(1_763_820_001_000L),
                        Cause.ONE_WAY,
                        Optional.of(new Intent(Intent.Kind.DRAIN, 1_763_823_600_000L, "ann")),
                        true,
                        List.of(
                                own("shop", "a.example:8080", 1_763_820_002_000L),
                                own("shop", "a.example:8081", 1_763_820_002_250L),
                                new ServiceState(
                                        "db",
                                        "bücher:5432",
                                        Health.DOWN,
                                        Provenance.OWN,
                                        "connection refused",
                                        1_763_820_009_000L),
                                new ServiceState(
                                        "db",
                                        "b2",
                                        Health.UP,
                                        Provenance.PEER,
                                        "",
                                        1_763_820_003_000L)),
                        0,
                        0,
                        2);
        Member down =
                new Member(
                        "b",
                        "http://b:9640",
                        1_763_820_100L,
                        new Upness.Down(1_763_820_008_000L, Cause.HOST_DOWN),
                        List.of(dead("x"), dead("y"), dead("z")),
                        0,
                        0,
                        1);
        Member left = new Member("c", "", 5, new Upness.Left(6), List.of(), 0, 0, 0);
        return deltaOf(
                new ObserverView.Head("c1", "a", 1_763_820_000L, 7, true, true, 1_763_820_010_000L),
                List.of(
                        new Changed(new Line(HostState.of(up), 18, 1_763_820_009_000L), 7),
                        new Changed(new Line(HostState.of(down), 33, 1_763_820_007_000L), 6),
                        new Changed(new Line(HostState.of(left), 0, 0), 300)),
                List.of(new Removed(99, 5)));
    }

    private static Delta deltaOf(
            ObserverView.Head head, List<Changed> lines, List<Removed> removed) {
        return new Delta(
                head,
                false,
                lines.stream().mapToLong(l -> l.line().state().hash()).sum(),
                lines.size(),
                lines.stream().map(l -> l.line().state().services().names()).toList(),
                lines,
                removed);
    }

    private static ServiceState own(String job, String instance, long sinceMs) {
        return ServiceState.own(job, instance, true, "", sinceMs);
    }

    private static ServiceState dead(String instance) {
        return new ServiceState(
                "shop", instance, Health.DOWN, Provenance.HOST, "host down", 1_763_820_008_000L);
    }

    private static KeepAlive keepAlive() {
        return new KeepAlive(
                1_763_820_000L,
                7,
                1_763_820_010_000L,
                false,
                true,
                0x0123456789ABCDEFL,
                0xCAFEBABE,
                480,
                new Counts(40, 1, 2, 3, 0, 1_200, 30, 4, 5),
                Seqs.of(1, 300, 70_000));
    }

    private static Hints hints() {
        return new Hints(
                List.of(
                        new Hint("a", 1_763_820_000L, true, new byte[] {1, 2, 3}),
                        new Hint("b", 4, false, new byte[0])));
    }

    private static Member withBeat(Member m) {
        return new Member(
                m.host(),
                m.httpUrl(),
                m.beatAddress(),
                m.place(),
                m.incarnation(),
                m.upness(),
                m.note(),
                m.intent(),
                m.flapping(),
                m.services(),
                2,
                1,
                m.reportSeq(),
                m.onlookers());
    }
}
