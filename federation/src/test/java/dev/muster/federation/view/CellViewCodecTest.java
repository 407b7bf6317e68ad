package dev.muster.federation.view;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CellViewCodecTest {
    private static final CellView VIEW =
            new CellView(
                    "c1",
                    "a",
                    7,
                    List.of(
                            new Member(
                                    "a",
                                    "http://a:9640",
                                    "10.0.0.1:9642",
                                    new Place("z1", "r7"),
                                    1_763_820_000L,
                                    new Upness.Up(1_763_820_001_000L),
                                    Cause.ONE_WAY,
                                    Optional.of(
                                            new Intent(
                                                    Intent.Kind.DRAIN, 1_763_820_060_000L, "ops")),
                                    true,
                                    List.of(ServiceState.own("shop", "localhost:80", true, "", 5)),
                                    1_763_820_009_000L,
                                    18,
                                    2),
                            new Member(
                                    "b",
                                    "http://b:9640",
                                    1_763_820_100L,
                                    new Upness.Down(1_763_820_008_000L, Cause.AGENT_DOWN),
                                    List.of(
                                            ServiceState.own(
                                                    "db", "bücher:5432", false, "agent down", 9)),
                                    1_763_820_007_000L,
                                    33,
                                    1),
                            new Member(
                                    "c",
                                    "",
                                    5,
                                    new Upness.Left(6),
                                    List.of(
                                            ServiceState.peer("p", "c:1", Health.UP, "", 7),
                                            new ServiceState(
                                                    "p",
                                                    "c:2",
                                                    Health.MAINT,
                                                    Provenance.OWN,
                                                    "maintenance",
                                                    8)),
                                    0,
                                    0,
                                    0)),
                    true,
                    1_763_820_000L,
                    true,
                    1_763_820_009_500L);

    private final CellViewCodec codec = new CellViewCodec();

    static LongStream seeds() {
        return Seeds.few();
    }

    @Test
    void readsAndWritesTheBytesOfItsVersion() throws FrameException {
        assertThat(codec.decode(Golden.read("cell-view-v2.hex"))).isEqualTo(VIEW);
        assertThat(codec.encode(VIEW)).isEqualTo(Golden.read("cell-view-v2.hex"));
    }

    @Test
    void refusesEveryTurnedBitAndEveryCut() {
        byte[] bytes = codec.encode(VIEW);
        Damage.everyBit(bytes, this::assertRefused);
        Damage.everyLength(bytes, this::assertRefused);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void readsWhatItWrote(long seed) throws FrameException {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            CellView view = randomView(random);
            assertThat(codec.decode(codec.encode(view))).isEqualTo(view);
        }
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void refusesForgedBytesOrReadsWhatTheySay(long seed) {
        var random = new Random(seed);
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] forged = Damage.forged(codec.encode(VIEW), random);
            try {
                CellView view = codec.decode(forged);
                assertThat(codec.encode(view)).isEqualTo(forged);
                taken++;
            } catch (FrameException e) {
                assertThat(e).hasMessageMatching("(?s)(frame|cause|intent|provenance) .*");
            }
        }
        assertThat(taken).isPositive();
    }

    @Test
    void saysWhatIsWrong() {
        byte[] newer = codec.encode(VIEW);
        newer[2] = 9;
        assertThatThrownBy(() -> codec.decode(newer))
                .isInstanceOf(FrameException.class)
                .hasMessage("frame must be of a known version: magic=0x4d43, version=9");
        assertThatThrownBy(() -> codec.decode(new byte[3]))
                .hasMessage("frame must be 8 to 16777216 bytes: length=3");
    }

    private void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> codec.decode(bytes)).isInstanceOf(FrameException.class);
    }

    private static CellView randomView(Random random) {
        List<Member> members = new ArrayList<>();
        int size = random.nextInt(8);
        for (int i = 0; i < size; i++) {
            members.add(randomMember("h" + i, random));
        }
        return new CellView(
                "cell-" + random.nextInt(),
                "h0",
                random.nextLong(Long.MAX_VALUE),
                members,
                random.nextBoolean(),
                random.nextLong(Long.MAX_VALUE),
                random.nextBoolean(),
                random.nextLong());
    }

    private static Member randomMember(String host, Random random) {
        List<ServiceState> services = new ArrayList<>();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            boolean up = random.nextBoolean();
            services.add(
                    ServiceState.own("j" + i, "☃:" + i, up, up ? "" : "why", random.nextLong()));
        }
        Cause cause = Cause.values()[1 + random.nextInt(Cause.values().length - 1)];
        long since = random.nextLong();
        Upness upness =
                switch (random.nextInt(5)) {
                    case 0 -> new Upness.Up(since);
                    case 1 -> new Upness.Suspect(since, cause);
                    case 2 -> new Upness.Down(since, cause);
                    case 3 -> new Upness.Left(since);
                    default -> new Upness.Unknown(since, cause);
                };
        return new Member(
                host,
                "http://" + host,
                random.nextLong(Long.MAX_VALUE),
                upness,
                services,
                random.nextLong(),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE));
    }
}
