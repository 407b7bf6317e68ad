package dev.muster.agent.scrape.append;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistogramRulesTest {
    private static HistogramRules rules(int buckets, double factor) {
        return new HistogramRules(new ScrapeLimits(0, 0, 0, 0, 0, 0, buckets, factor, 0));
    }

    private static NativeHistogram histogram(int schema, int[] positive, int[] negative) {
        return NativeHistogram.exponential(
                schema,
                CounterReset.UNKNOWN,
                0.001,
                2,
                2 + positive.length + negative.length,
                1.5,
                ones(positive),
                ones(negative));
    }

    private static Buckets ones(int[] indexes) {
        double[] counts = new double[indexes.length];
        Arrays.fill(counts, 1);
        return Buckets.of(indexes, counts);
    }

    @Test
    void leavesAHistogramWithinItsLimitsAlone() throws Exception {
        NativeHistogram histogram = histogram(3, new int[] {1, 2, 3}, new int[] {1});
        assertThat(rules(4, 1.05).apply(histogram)).isSameAs(histogram);
    }

    /// Bucket i of schema s lies in bucket ceil(i / 2) of schema s - 1, below zero as above.
    @Test
    void joinsNeighboursUntilTheLimitHolds() throws Exception {
        NativeHistogram made =
                rules(4, 0)
                        .apply(histogram(3, new int[] {-3, -2, -1, 0, 1, 2}, new int[] {5, 6, 9}));
        assertThat(made.schema()).isEqualTo(1);
        assertThat(made.positive()).hasToString("{0:4.0, 1:2.0}");
        assertThat(made.negative()).hasToString("{2:2.0, 3:1.0}");
        assertThat(made.count()).isEqualTo(11);
        assertThat(made.positive().total() + made.negative().total()).isEqualTo(9);
    }

    @Test
    void refusesWhatCannotBeMadeToFit() {
        NativeHistogram custom =
                NativeHistogram.custom(
                        CounterReset.UNKNOWN, 3, 1, new double[] {1, 2}, ones(new int[] {0, 1, 2}));
        assertThatThrownBy(() -> rules(2, 0).apply(custom))
                .hasMessage("native_histogram_bucket_limit exceeded: limit=2, found=3");
        NativeHistogram wide = histogram(-4, new int[] {-1, 3}, new int[0]);
        assertThatThrownBy(() -> rules(1, 0).apply(wide))
                .isInstanceOf(ScrapeRefusedException.class);
    }

    /// Growth of a bucket of schema s is 2^(2^-s); the values are those of Prometheus' manual.
    @ParameterizedTest
    @CsvSource({
        "0, 8", "1, 8", "1.002, 8", "1.005, 7", "1.01, 6", "1.02, 5", "1.04, 4", "1.09, 3",
        "1.1, 2", "1.4, 1", "2, 0", "4, -1", "16, -2", "256, -3", "65536, -4", "1e30, -4"
    })
    void takesTheSchemaWhoseBucketsGrowAtLeastByTheFactor(double factor, int schema) {
        assertThat(HistogramRules.finestSchema(factor)).isEqualTo(schema);
    }
}
