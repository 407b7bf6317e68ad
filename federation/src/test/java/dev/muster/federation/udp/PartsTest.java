package dev.muster.federation.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PartsTest {
    private final Parts parts = new Parts();

    @Test
    void comeTogetherInAnyOrder() {
        assertThat(parts.take(1, 7, 2, 3, bytes("ef"), 0)).isNull();
        assertThat(parts.take(1, 7, 0, 3, bytes("ab"), 0)).isNull();
        assertThat(parts.take(1, 7, 0, 3, bytes("ab"), 0)).isNull();
        assertThat(parts.take(1, 7, 1, 3, bytes("cd"), 0)).isEqualTo(bytes("abcdef"));
    }

    @Test
    void ofOthersDoNotMix() {
        parts.take(1, 7, 0, 2, bytes("ab"), 0);
        parts.take(2, 7, 0, 2, bytes("xy"), 0);
        parts.take(1, 8, 0, 2, bytes("mn"), 0);
        assertThat(parts.take(2, 7, 1, 2, bytes("z"), 0)).isEqualTo(bytes("xyz"));
        assertThat(parts.take(1, 7, 1, 3, bytes("c"), 0)).isNull();
        assertThat(parts.take(1, 7, 1, 2, bytes("c"), 0)).isEqualTo(bytes("abc"));
    }

    @Test
    void areGivenUpAfterAWhile() {
        parts.take(1, 7, 0, 2, bytes("ab"), 0);
        parts.take(1, 8, 0, 2, bytes("ab"), 2001);
        assertThat(parts.lost()).isEqualTo(1);
        assertThat(parts.take(1, 7, 1, 2, bytes("cd"), 2001)).isNull();
    }

    @Test
    void takeAFewMegabytesAtMost() {
        byte[] part = new byte[Parts.PART_BYTES];
        for (int sender = 0; sender < 10_000; sender++) {
            for (int index = 0; index < 100; index++) {
                assertThat(parts.take(sender, sender, index, 128, part, 0)).isNull();
            }
        }
        assertThat(parts.lost()).isGreaterThan(900_000);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
