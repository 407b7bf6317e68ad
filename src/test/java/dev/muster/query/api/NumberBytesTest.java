package dev.muster.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberBytesTest {
    private final byte[] bytes = new byte[64];

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0,
                1,
                -1,
                9,
                10,
                99,
                100,
                2_147_483_647,
                2_147_483_648.0,
                9_007_199_254_740_991.0,
                -9_007_199_254_740_991.0,
                0.1,
                0.3,
                1e-6,
                -0.000002,
                99.999999,
                123_456_789.012345,
                999_999_999.999999,
                136.01
            })
    void writesWhatTheTextIs(double value) {
        assertThat(text(NumberBytes.write(value, bytes, 0))).isEqualTo(GoNumbers.text(value));
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                -0.0,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.MIN_VALUE,
                1e-7,
                1e300,
                1e16,
                1.0 / 3,
                1_234_567_890.123456
            })
    void leavesOthersToTheText(double value) {
        assertThat(NumberBytes.write(value, bytes, 0)).isEqualTo(-1);
    }

    @Test
    void writesTheShortestTextOrNone() {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        double unit = 1;
        for (int i = 0; i < 300_000; i++) {
            unit = i % 12 == 0 ? 1 : unit * 10;
            double value =
                    switch (i % 3) {
                        case 0 -> (random.nextInt() >> random.nextInt(31)) / unit;
                        case 1 -> (random.nextLong() >> random.nextInt(63)) / unit;
                        default -> Double.longBitsToDouble(random.nextLong());
                    };
            int end = NumberBytes.write(value, bytes, 0);
            if (end >= 0) {
                assertThat(text(end))
                        .as("seed=%d value=%s", seed, value)
                        .isEqualTo(GoNumbers.text(value));
            }
        }
    }

    @Test
    void writesTimes() {
        for (long timeMs :
                new long[] {0, 7, 50, 999, 1_000, 1_795_341_599_000L, 1_795_341_599_012L}) {
            assertThat(text(NumberBytes.writeSeconds(timeMs, bytes, 0)))
                    .isEqualTo(GoNumbers.seconds(timeMs));
        }
    }

    private String text(int end) {
        return new String(bytes, 0, end, StandardCharsets.US_ASCII);
    }
}
