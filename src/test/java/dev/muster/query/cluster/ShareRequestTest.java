package dev.muster.query.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.federation.cluster.Share;
import dev.muster.model.frame.FrameFormatException;
import dev.muster.model.time.Steps;
import dev.muster.promql.part.PartQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShareRequestTest {
    private static final ShareRequest REQUEST =
            new ShareRequest(
                    new Share(List.of("a", "b"), List.of(1)),
                    new ShareLimits(4, 3, 2, 1),
                    new PartQuery(
                            "sum(up)",
                            new Steps(1_000, 2_000, 500),
                            Duration.ofMinutes(5),
                            Duration.ofMinutes(1),
                            false,
                            Duration.ofSeconds(9)));

    @Test
    void readsAndWritesTheBytesOfVersionOne() throws IOException {
        String text =
                Files.readString(
                        Path.of(
                                System.getProperty("muster.root"),
                                "src/test/resources/golden/share-request-v1.hex"));
        byte[] golden = HexFormat.of().parseHex(text.replaceAll("(?m)#.*$", "").strip());
        assertThat(REQUEST.encode()).isEqualTo(golden);
        assertThat(ShareRequest.decode(golden)).isEqualTo(REQUEST);
    }

    @Test
    void refusesEveryTurnedBitAndEveryCut() {
        byte[] bytes = REQUEST.encode();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] spoilt = bytes.clone();
            spoilt[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(spoilt);
        }
        for (int length = 0; length < bytes.length; length++) {
            assertRefused(Arrays.copyOf(bytes, length));
        }
    }

    @Test
    void aSealHoldsForItsBodyAndSecretAndForFiveMinutes() {
        byte[] body = REQUEST.encode();
        String seal = seal("a shared secret", 0).seal(body);
        assertThat(seal("a shared secret", 299_000).holds(seal, body)).isTrue();
        assertThat(seal("a shared secret", 301_000).holds(seal, body)).isFalse();
        assertThat(seal("another secret", 0).holds(seal, body)).isFalse();
        assertThat(seal("a shared secret", 0).holds(seal, new byte[] {1})).isFalse();
        for (String wrong : List.of("", "v1", "v1 x y", "v1 0 zz", "v2" + seal.substring(2))) {
            assertThat(seal("a shared secret", 0).holds(wrong, body)).isFalse();
        }
        assertThat(seal("a shared secret", 0).holds(null, body)).isFalse();
    }

    private static ClusterSeal seal(String secret, long atMs) {
        return new ClusterSeal(
                secret, InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_000L + atMs)));
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> ShareRequest.decode(bytes))
                .isInstanceOf(FrameFormatException.class);
    }
}
