package dev.muster.federation.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.federation.detect.Seeds;
import dev.muster.federation.member.Damage;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Golden;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NodeCodecTest {
    private static final Node NODE =
            new Node("q1:9650", "http://q1:9650", 1_763_820_000_123L, NodeState.READY);
    private static final Share SHARE =
            new Share(List.of("q1:9650", "q2:9650", "q3"), List.of(2, 0));

    static LongStream seeds() {
        return Seeds.few();
    }

    @Test
    void readsAndWritesTheBytesOfItsVersion() throws FrameException {
        assertThat(NodeCodec.encode(NODE)).isEqualTo(Golden.read("cluster-node-v2.hex"));
        assertThat(NodeCodec.decode(Golden.read("cluster-node-v2.hex"))).isEqualTo(NODE);
        assertThat(SHARE.encode()).isEqualTo(Golden.read("cluster-share-v2.hex"));
        assertThat(Share.decode(Golden.read("cluster-share-v2.hex"))).isEqualTo(SHARE);
    }

    @Test
    void refusesEveryTurnedBitAndEveryCut() {
        Damage.everyBit(NodeCodec.encode(NODE), NodeCodecTest::assertNodeRefused);
        Damage.everyLength(NodeCodec.encode(NODE), NodeCodecTest::assertNodeRefused);
        Damage.everyBit(SHARE.encode(), NodeCodecTest::assertShareRefused);
        Damage.everyLength(SHARE.encode(), NodeCodecTest::assertShareRefused);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void whatItTakesOfForgeriesIsWhatItWouldSay(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            byte[] node = Damage.forged(NodeCodec.encode(NODE), random);
            byte[] share = Damage.forged(SHARE.encode(), random);
            try {
                assertThat(NodeCodec.encode(NodeCodec.decode(node))).isEqualTo(node);
            } catch (FrameException e) {
                assertThat(e.getMessage()).startsWith("frame");
            }
            try {
                assertThat(Share.decode(share).encode()).isEqualTo(share);
            } catch (FrameException e) {
                assertThat(e.getMessage()).startsWith("frame");
            }
        }
    }

    private static void assertNodeRefused(byte[] bytes) {
        assertThatThrownBy(() -> NodeCodec.decode(bytes)).isInstanceOf(FrameException.class);
    }

    private static void assertShareRefused(byte[] bytes) {
        assertThatThrownBy(() -> Share.decode(bytes)).isInstanceOf(FrameException.class);
    }
}
