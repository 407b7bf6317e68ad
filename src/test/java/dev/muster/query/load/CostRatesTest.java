package dev.muster.query.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.muster.model.series.ReadEstimate;
import dev.muster.query.load.CostRates.Estimate;
import dev.muster.query.load.CostRates.Readings;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CostRatesTest {
    private static final long SECOND = 1_000_000_000;
    private static final ReadEstimate BLOCKS = new ReadEstimate(10, 10_000_000, 20_000_000);

    private Readings readings = Readings.NONE;
    private final CostRates rates =
            new CostRates(() -> readings, new CostRates.Beside(2, 256, 100));

    private void read(long samples, long decodeNanos, long bytes, long fetchNanos) {
        readings =
                new Readings(
                        readings.decodedSamples() + samples,
                        readings.decodeNanos() + decodeNanos,
                        readings.fetchedBytes() + bytes,
                        readings.fetchNanos() + fetchNanos,
                        readings.answers(),
                        readings.answerNanos());
    }

    private void asked(long answers, long nanos) {
        readings =
                new Readings(
                        readings.decodedSamples(),
                        readings.decodeNanos(),
                        readings.fetchedBytes(),
                        readings.fetchNanos(),
                        readings.answers() + answers,
                        readings.answerNanos() + nanos);
    }

    private void answered(long series, long samples, long fetchedBytes, long nanos) {
        rates.answered(new Usage(series, samples, fetchedBytes, 0, 0), nanos);
    }

    @Test
    void beginsWithTheDefaults() {
        Estimate estimate = rates.estimate(1000, BLOCKS);
        assertThat(estimate.seconds()).isCloseTo(0.1106, within(1e-9));
        // 4.5 ms for places and 200 ms for samples on two processors, 20 MB by ten requests
        assertThat(estimate.coldSeconds()).isCloseTo(0.1106 + 0.10225 + 0.1, within(1e-9));
        assertThat(rates.estimate(0, ReadEstimate.NONE)).isEqualTo(new Estimate(0, 0));
        assertThat(rates.estimate(0, ReadEstimate.ofAgents(101, 5)).seconds())
                .isCloseTo(0.04, within(1e-9));
    }

    @Test
    void movesTowardWhatQueriesInMemoryTake() {
        double before = rates.estimate(1000, BLOCKS).seconds();
        double last = before;
        for (int i = 0; i < 100; i++) {
            answered(100, 1_000_000, 0, 5 * 11_000_000);
            double now = rates.estimate(1000, BLOCKS).seconds();
            assertThat(now).isGreaterThan(last);
            last = now;
        }
        assertThat(last).isCloseTo(5 * before, within(0.1 * before));
        assertThat(rates.memoryRatio()).isCloseTo(5, within(0.1));
        for (int i = 0; i < 100; i++) {
            answered(100, 1_000_000, 0, 11_000_000);
        }
        assertThat(rates.estimate(1000, BLOCKS).seconds()).isCloseTo(before, within(0.05 * before));
    }

    @Test
    void movesTowardHowFastBlocksAreDecodedAndFetched() {
        for (int i = 0; i < 100; i++) {
            read(1_000_000, SECOND / 10, 10_000_000, SECOND / 5);
            answered(100, 1_000_000, 10_000_000, 3 * SECOND);
        }
        assertThat(rates.decodedPerSecond()).isCloseTo(10e6, within(0.2e6));
        assertThat(rates.fetchedPerSecond()).isCloseTo(50e6, within(1e6));
        assertThat(rates.memoryRatio()).isEqualTo(1);
        Estimate estimate = rates.estimate(1000, BLOCKS);
        assertThat(estimate.coldSeconds() - estimate.seconds()).isCloseTo(0.54, within(0.02));
    }

    @Test
    void movesTowardHowLongAgentsTake() {
        for (int i = 0; i < 100; i++) {
            asked(3, 3 * SECOND / 2);
            answered(100, 1_000_000, 10_000, SECOND);
        }
        assertThat(rates.answerSeconds()).isCloseTo(0.5, within(0.01));
        assertThat(rates.estimate(0, ReadEstimate.ofAgents(3, 0)).seconds())
                .isCloseTo(0.5, within(0.01));
    }

    @Test
    void aQueryCountsByWhatItReads() {
        for (int i = 0; i < 5; i++) {
            answered(100, 10_000_000, 0, SECOND / 5);
        }
        double large = rates.memoryRatio();
        answered(100, 20_000, 0, SECOND / 10);
        assertThat(rates.memoryRatio()).isCloseTo(large, within(0.25));
        answered(1, 10, 0, 10 * SECOND);
        assertThat(rates.memoryRatio()).isCloseTo(large, within(0.25));
    }

    @Test
    void whateverIsReadTheEstimateIsAPositiveNumber() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            read(any(random), any(random), any(random), any(random));
            asked(any(random), any(random));
            answered(any(random), any(random), random.nextBoolean() ? 0 : 1, any(random));
            Estimate estimate = rates.estimate(1000, BLOCKS);
            assertThat(estimate.seconds()).as("seed=%d", seed).isBetween(0.1106e-2, 11.07);
            assertThat(estimate.coldSeconds() - estimate.seconds())
                    .as("seed=%d", seed)
                    .isBetween(1e-3, 22.0);
            assertThat(rates.estimate(1000, ReadEstimate.ofAgents(1, 0)).coldSeconds())
                    .as("seed=%d", seed)
                    .isBetween(1e-4, 4.0);
        }
    }

    private static long any(Random random) {
        return random.nextLong(1L << random.nextInt(45));
    }
}
