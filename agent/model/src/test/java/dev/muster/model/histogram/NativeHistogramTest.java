package dev.muster.model.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NativeHistogramTest {
    private static final Buckets BUCKETS = Buckets.of(new int[] {-2, 0, 3}, new double[] {1, 2, 4});

    @Test
    void equalsByBits() {
        assertThat(latency(2.5)).isEqualTo(latency(2.5)).hasSameHashCodeAs(latency(2.5));
        assertThat(latency(Double.NaN)).isEqualTo(latency(Double.NaN));
        assertThat(latency(2.5)).isNotEqualTo(latency(2.25));
        assertThat(latency(2.5)).isNotEqualTo(latency(2.5).withCounterReset(CounterReset.GAUGE));
    }

    @Test
    void absentBucketsCountNothing() {
        assertThat(BUCKETS.countOf(0)).isEqualTo(2);
        assertThat(BUCKETS.countOf(1)).isZero();
        assertThat(BUCKETS.total()).isEqualTo(7);
    }

    @Test
    void refusesBucketsOutOfOrder() {
        assertThatThrownBy(() -> Buckets.of(new int[] {1, 1}, new double[] {1, 2}))
                .hasMessage("bucket indexes must ascend: index=1 after 1");
    }

    @Test
    void refusesAnUnknownSchema() {
        assertThatThrownBy(() ->
                        NativeHistogram.exponential(
                                9, CounterReset.UNKNOWN, 0, 0, 0, 0, Buckets.NONE, Buckets.NONE))
                .hasMessage("histogram schema must be from -4 to 8: schema=9");
    }

    @Test
    void refusesBoundsThatDoNotAscend() {
        assertThatThrownBy(() -> custom(1, 1))
                .hasMessage("custom bounds must be finite and ascend: bounds[1]=1.0 after 1.0");
        assertThatThrownBy(() -> custom(Double.POSITIVE_INFINITY))
                .hasMessageContaining("must be finite");
    }

    @Test
    void refusesABucketPastTheLastBound() {
        assertThatThrownBy(() -> custom(0.5))
                .hasMessage(
                        "custom buckets must have indexes from 0 to the number of bounds: bounds=1,"
                                + " first=0, last=2");
    }

    private static NativeHistogram custom(double... bounds) {
        return NativeHistogram.custom(
                CounterReset.UNKNOWN,
                3,
                4,
                bounds,
                Buckets.of(new int[] {0, 2}, new double[] {1, 2}));
    }

    private static NativeHistogram latency(double sum) {
        return NativeHistogram.exponential(
                3, CounterReset.UNKNOWN, 0.001, 1, 8, sum, BUCKETS, Buckets.NONE);
    }
}
