package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.sample.SampleColumns;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What slides over a series has at each window what the window alone has; `-Dseed=` repeats a run.
class PrefixSumsTest {
    private static final long SEED = Long.getLong("seed", 5);

    private static SampleColumns samples(Random random) {
        SampleColumns samples = new SampleColumns();
        double scale = Math.pow(10, random.nextInt(-20, 20));
        boolean wild = random.nextInt(3) == 0;
        for (int i = 0; i < 400; i++) {
            double value = (random.nextDouble() - (random.nextBoolean() ? 0.5 : 0)) * scale;
            samples.append(i, wild ? value * Math.pow(10, random.nextInt(-12, 12)) : value);
        }
        return samples;
    }

    @Test
    void sumsAreExactToTheLastBitButOne() {
        int taken = 0;
        PrefixSums prefixes = new PrefixSums();
        for (long seed = SEED; seed < SEED + 200; seed++) {
            Random random = new Random(seed);
            SampleColumns samples = samples(random);
            assertThat(prefixes.of(samples)).isTrue();
            for (int i = 0; i < 50; i++) {
                int from = random.nextInt(400);
                int to = from + 1 + random.nextInt(400 - from);
                if (prefixes.between(from, to)) {
                    taken++;
                    BigDecimal sum = BigDecimal.ZERO;
                    for (int k = from; k < to; k++) {
                        sum = sum.add(new BigDecimal(samples.values()[k]));
                    }
                    double exact = sum.doubleValue();
                    assertThat(Math.abs(prefixes.sum() - exact))
                            .as("seed=%s from=%s to=%s", seed, from, to)
                            .isLessThanOrEqualTo(Math.ulp(exact));
                }
            }
        }
        assertThat(taken).isGreaterThan(5_000);
    }

    @Test
    void refusesWhatItCannotAddUp() {
        SampleColumns samples = new SampleColumns();
        samples.append(0, 1);
        samples.append(1, Double.POSITIVE_INFINITY);
        assertThat(new PrefixSums().of(samples)).isFalse();
    }

    @Test
    void sortedWindowHasWhatSortingGives() {
        SortedWindow sliding = new SortedWindow();
        for (long seed = SEED; seed < SEED + 200; seed++) {
            Random random = new Random(seed);
            double[] values = new double[300];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(20) == 0 ? -0.0 : random.nextInt(30) - 3;
                values[i] = random.nextInt(150) == 0 ? Double.NaN : values[i];
            }
            sliding.clear();
            int from = 0;
            int to = 0;
            while (to < values.length) {
                to = Math.min(values.length, to + random.nextInt(1, 8));
                from = Math.min(to - 1, from + random.nextInt(9));
                double[] expected = Arrays.copyOfRange(values, from, to);
                Arrays.sort(expected);
                boolean nan = Double.isNaN(expected[expected.length - 1]);
                assertThat(sliding.move(values, from, to)).isEqualTo(!nan);
                if (!nan) {
                    assertThat(Arrays.copyOf(sliding.sorted(), to - from))
                            .as("seed=%s from=%s to=%s", seed, from, to)
                            .containsExactly(expected);
                }
            }
        }
    }
}
