package dev.muster.agent.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberTextTest {
    private static final Pattern NOT_OF_MANTISSA = Pattern.compile("[eE].*|[-.]");
    private static final Pattern ZEROS_AROUND = Pattern.compile("^0+|0+$");

    private static String write(double value) {
        byte[] target = new byte[NumberText.LENGTH_LIMIT];
        int end = NumberText.write(value, target, 0);
        return new String(target, 0, end, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "1, 1",
        "-1, -1",
        "100000, 100000",
        "999999, 999999",
        "1000000, 1e+06",
        "38014093, 3.8014093e+07",
        "1418183276, 1.418183276e+09",
        "2320168809, 2.320168809e+09",
        "10870.69, 10870.69",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "0.00012345, 0.00012345",
        "14.036781000000001, 14.036781000000001",
        "123456.789, 123456.789",
        "1234567.5, 1.2345675e+06",
        "1e21, 1e+21",
        "1e100, 1e+100",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "4.9e-324, 5e-324",
        "9007199254740993, 9.007199254740992e+15",
        "18446744073709551615, 1.8446744073709552e+19",
        "NaN, NaN",
        "Infinity, +Inf",
        "-Infinity, -Inf",
    })
    void writesAsGoDoes(double value, String text) {
        assertThat(write(value)).isEqualTo(text);
    }

    @Test
    void readsBackAsTheSameDouble() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            double value =
                    switch (i % 4) {
                        case 0 -> Double.longBitsToDouble(random.nextLong());
                        case 1 -> random.nextInt() / 100.0;
                        case 2 -> random.nextLong() >> random.nextInt(64);
                        default -> random.nextDouble();
                    };
            if (!Double.isNaN(value) && !Double.isInfinite(value)) {
                String text = write(value);
                assertThat(Double.parseDouble(text)).as(text).isEqualTo(value);
                assertThat(digits(text))
                        .as(text)
                        .isLessThanOrEqualTo(digits(Double.toString(value)));
            }
        }
    }

    /// Of the mantissa, without zeros around it.
    private static int digits(String text) {
        String mantissa = NOT_OF_MANTISSA.matcher(text).replaceAll("");
        return ZEROS_AROUND.matcher(mantissa).replaceAll("").length();
    }
}
