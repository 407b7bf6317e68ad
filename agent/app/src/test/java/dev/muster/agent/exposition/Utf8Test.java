package dev.muster.agent.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
    @Test
    void agreesWithTheJdk() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = text(random).getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0 && i % 3 != 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            boolean valid = Utf8.firstInvalid(bytes, 0, bytes.length) == bytes.length;
            assertThat(valid).as("%d: %s", i, Arrays.toString(bytes)).isEqualTo(jdk(bytes));
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            int c = random.nextInt(4) == 0 ? random.nextInt(0x11_0000) : random.nextInt(0x80);
            text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 'x' : c);
        }
        return text.toString();
    }

    private static boolean jdk(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
