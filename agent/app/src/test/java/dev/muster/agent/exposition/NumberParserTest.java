package dev.muster.agent.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.sample.Staleness;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberParserTest {
    private static double parse(String text) {
        byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.ISO_8859_1);
        return NumberParser.parse(bytes, 1, bytes.length - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1",
                "+1",
                "-1.5",
                "1.",
                ".5",
                "-.5",
                "007",
                "1e5",
                "1E+05",
                "1e-05",
                "9007199254740992",
                "9007199254740993",
                "18446744073709551616",
                "0.1",
                "123456789.123456789",
                "1e22",
                "1e23",
                "1.7976931348623157e308",
                "4.9e-324",
                "1e-400",
                "0e999999999999",
                "0.000000000000000000000000000000000000000001",
                "00000000000000000000000000000000000000000000000001",
                "2.2250738585072011e-308"
            })
    void readsWhatTheJdkReads(String text) {
        assertThat(parse(text)).isEqualTo(Double.parseDouble(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan", "NaN", "NAN"})
    void readsNan(String text) {
        assertThat(Double.doubleToRawLongBits(parse(text))).isEqualTo(Staleness.NORMAL_NAN_BITS);
    }

    @Test
    void readsInfinity() {
        assertThat(parse("Inf")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(parse("+inf")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(parse("-Infinity")).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "-", "+", ".", "e5", "1e", "1e+", "1e1.5", "1_000", "0x1p-3", "0b1", "1f", "1d",
                "1 ", "--1", "+-1", "1.1.1", "in", "+nan", "nanx", "infinit", "1,5", "1\r", "٣"
            })
    void refusesTheRest(String text) {
        assertThat(NumberParser.isNumber(parse(text))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e309", "-1e309", "2e308", "1e99999999999"})
    void refusesWhatNoDoubleIsNear(String text) {
        assertThat(Double.doubleToRawLongBits(parse(text))).isEqualTo(NumberParser.OVERFLOW_BITS);
    }

    @Test
    void agreesWithTheJdkOnRandomNumbers() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            double value = random(random);
            String text = i % 2 == 0 ? Double.toString(value) : decimal(random);
            assertThat(parse(text)).as(text).isEqualTo(Double.parseDouble(text));
        }
    }

    private static double random(Random random) {
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isNaN(value) || Double.isInfinite(value) ? random.nextDouble() : value;
    }

    private static String decimal(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(1, 24); i > 0; i--) {
            text.append((char) ('0' + random.nextInt(10)));
        }
        text.insert(random.nextInt(text.length() + 1), '.');
        return text.append('e').append(random.nextInt(-300, 280)).toString();
    }
}
