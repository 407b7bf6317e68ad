package dev.muster.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoNumbersTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "1, 1",
        "-1, -1",
        "1.5, 1.5",
        "0.1, 0.1",
        "0.30000000000000004, 0.30000000000000004",
        "100, 100",
        "1e6, 1000000",
        "123456789, 123456789",
        "1.23456789012e11, 123456789012",
        "9007199254740993, 9007199254740992",
        "1e16, 10000000000000000",
        "1.2345e17, 123450000000000000",
        "1e20, 100000000000000000000",
        "9.99e20, 999000000000000000000",
        "1e21, 1e+21",
        "1.5e21, 1.5e+21",
        "-1e300, -1e+300",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "0.000001, 0.000001",
        "0.0000015, 0.0000015",
        "0.00000099, 9.9e-07",
        "1e-7, 1e-07",
        "1.25e-10, 1.25e-10",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "4.9e-324, 5e-324",
        "9.9e-324, 1e-323",
        "2e-323, 2e-323",
        "2e23, 2e+23",
        "0.001, 0.001",
        "0.010, 0.01",
        "12.0625, 12.0625",
        "3.4028234663852886e38, 3.4028234663852886e+38",
        "NaN, NaN",
        "Infinity, +Inf",
        "-Infinity, -Inf",
    })
    void printsAsPrometheus(double value, String text) {
        assertThat(GoNumbers.text(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1000, 1",
        "1767436620000, 1767436620",
        "1767436620500, 1767436620.500",
        "1767436620050, 1767436620.050",
        "1767436620005, 1767436620.005",
        "-1500, -1.500",
        "-5, -0.005",
    })
    void printsSeconds(long timestampMs, String text) {
        assertThat(GoNumbers.seconds(timestampMs)).isEqualTo(text);
    }

    @Test
    void theShortWayIsTheLongWay() {
        long seed = Long.getLong("seed", 42);
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            double value = (random.nextDouble() + 0.1) * Math.pow(10, random.nextInt(-4, 10));
            BigDecimal plain = new BigDecimal(Double.toString(value)).stripTrailingZeros();
            assertThat(GoNumbers.text(value)).as("seed %d", seed).isEqualTo(plain.toPlainString());
        }
    }

    @Test
    void everyTextReadsBackAndHasNoNeedlessDigit() {
        long seed = Long.getLong("seed", 42);
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value) && value != 0) {
                String text = GoNumbers.text(value);
                assertThat(Double.parseDouble(text)).as("seed %d", seed).isEqualTo(value);
                int digits = new BigDecimal(text).stripTrailingZeros().precision();
                assertThat(digits).as(text).isLessThanOrEqualTo(17);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "1, 1",
        "0.25, 0.25",
        "999999, 999999",
        "1e6, 1e+06",
        "123456789, 1.23456789e+08",
        "-1500000.5, -1.5000005e+06",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "1e300, 1e+300",
        "NaN, NaN",
        "-Infinity, -Inf"
    })
    void writesNumbersAsExpositionsDo(double value, String text) {
        assertThat(GoNumbers.general(value)).isEqualTo(text);
    }
}
