package dev.muster.model.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import org.junit.jupiter.api.Test;

class SampleColumnsTest {
    @Test
    void growsFromNothing() {
        SampleColumns columns = new SampleColumns(0);
        for (int i = 0; i < 1_000; i++) {
            columns.append(i, 2.0 * i);
        }

        assertThat(columns.size()).isEqualTo(1_000);
        assertThat(columns.timestampsMs()[999]).isEqualTo(999);
        assertThat(columns.values()[999]).isEqualTo(1_998);
    }

    @Test
    void aSizePastTheCapacityIsACallersBug() {
        SampleColumns columns = new SampleColumns(4);

        assertThatThrownBy(() -> columns.resize(5))
                .hasMessage("size must be within capacity: size=5, capacity=4");
    }

    @Test
    void keepsTheStalenessMarkerApartFromNaN() {
        assertThat(Staleness.isStale(Staleness.STALE)).isTrue();
        assertThat(Staleness.isStale(Double.NaN)).isFalse();
        assertThat(Staleness.isStale(Double.longBitsToDouble(Staleness.NORMAL_NAN_BITS))).isFalse();
    }

    @Test
    void carriesHistogramsAndStartTimesBesideNumbers() {
        SampleColumns columns = new SampleColumns(1);
        columns.append(1, 5.0);
        assertThat(columns.hasHistograms()).isFalse();
        columns.append(2, HISTOGRAM);
        for (int i = 3; i < 40; i++) {
            columns.append(i, i);
        }
        columns.append(40, HISTOGRAM);
        columns.setStart(0, 900);
        columns.setStart(39, 901);

        assertThat(columns.histogram(0)).isNull();
        assertThat(columns.histogram(1)).isSameAs(HISTOGRAM);
        assertThat(columns.histogram(39)).isSameAs(HISTOGRAM);
        assertThat(HistogramMarker.isHistogram(columns.values()[39])).isTrue();
        assertThat(columns.startMs(0)).isEqualTo(900);
        assertThat(columns.startMs(20)).isZero();
        assertThat(columns.startMs(39)).isEqualTo(901);
    }

    @Test
    void whatIsCutOffIsForgotten() {
        SampleColumns columns = new SampleColumns();
        columns.append(1, HISTOGRAM);
        columns.setStart(0, 900);

        columns.clear();
        columns.append(2, 1.0);

        assertThat(columns.hasHistograms()).isFalse();
        assertThat(columns.hasStarts()).isFalse();
        assertThat(columns.histogram(0)).isNull();
        assertThat(columns.startMs(0)).isZero();
    }

    @Test
    void aNumberWithTheMarkersBitsIsAnOrdinaryNaN() {
        assertThat(Double.doubleToRawLongBits(HistogramMarker.number(HistogramMarker.VALUE)))
                .isEqualTo(Staleness.NORMAL_NAN_BITS);
        assertThat(Staleness.isStale(HistogramMarker.number(Staleness.STALE))).isTrue();
    }

    private static final NativeHistogram HISTOGRAM =
            NativeHistogram.custom(
                    CounterReset.UNKNOWN,
                    2,
                    3,
                    new double[] {1},
                    Buckets.of(new int[] {0, 1}, new double[] {1, 1}));
}
