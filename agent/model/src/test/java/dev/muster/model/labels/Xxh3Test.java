package dev.muster.model.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.openhft.hashing.LongHashFunction;
import org.junit.jupiter.api.Test;

class Xxh3Test {
    @Test
    void agreesWithAnotherImplementationAtEveryLength() {
        Random random = new Random(7);
        LongHashFunction oracle = LongHashFunction.xx3();
        for (int length = 0; length < 3_000; length++) {
            byte[] data = new byte[length];
            random.nextBytes(data);
            assertThat(Xxh3.hash(data, length))
                    .as("length=%d", length)
                    .isEqualTo(oracle.hashBytes(data));
        }
    }

    @Test
    void agreesWithThePublishedValueOfTheEmptyInput() {
        assertThat(Xxh3.hash(new byte[0], 0)).isEqualTo(0x2D06800538D394C2L);
    }
}
