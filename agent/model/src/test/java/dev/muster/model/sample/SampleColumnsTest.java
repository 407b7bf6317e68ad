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
    void samplesAreAppendedFromOtherColumnsWithAllTheyHave() {
        SampleColumns columns = new SampleColumns();
        columns.append(1, 5.0);
        columns.append(2, HISTOGRAM);
        columns.append(3, 7.0);
        columns.setStart(2, 900);

        SampleColumns all = new SampleColumns(0);
        all.append(0, 4.0);
        all.appendFrom(columns, 0, 3);
        all.appendFrom(columns, 1);

        assertThat(all.size()).isEqualTo(5);
        assertThat(all.histogram(0)).isNull();
        assertThat(all.histogram(2)).isSameAs(HISTOGRAM);
        assertThat(all.histogram(4)).isSameAs(HISTOGRAM);
        assertThat(all.startMs(2)).isZero();
        assertThat(all.startMs(3)).isEqualTo(900);
        assertThat(all.values()[3]).isEqualTo(7);
    }

    @Test
    void aSampleIsMovedUpOverAnother() {
        SampleColumns columns = new SampleColumns();
        columns.append(1, HISTOGRAM);
        columns.setStart(0, 900);
        columns.append(2, 6.0);
        columns.append(3, HISTOGRAM);
        columns.setStart(2, 901);

        columns.copy(1, 0);
        columns.copy(2, 1);
        columns.resize(2);

        assertThat(columns.timestampsMs()).startsWith(2, 3);
        assertThat(columns.values()[0]).isEqualTo(6);
        assertThat(columns.histogram(0)).isNull();
        assertThat(columns.startMs(0)).isZero();
        assertThat(columns.histogram(1)).isSameAs(HISTOGRAM);
        assertThat(columns.startMs(1)).isEqualTo(901);
        columns.append(4, 1.0);
        assertThat(columns.histogram(2)).isNull();
    }

    @Test
    void aHistogramWithoutItsPredecessorSaysNothingOfResets() {
        SampleColumns columns = new SampleColumns();
        columns.append(1, HISTOGRAM.withCounterReset(CounterReset.NOT_RESET));
        columns.append(2, HISTOGRAM.withCounterReset(CounterReset.GAUGE));
        columns.append(3, 1.0);

        columns.disconnect(0);
        columns.disconnect(1);
        columns.disconnect(2);

        assertThat(columns.histogram(0)).isEqualTo(HISTOGRAM);
        assertThat(columns.histogram(1)).isEqualTo(HISTOGRAM.withCounterReset(CounterReset.GAUGE));
        assertThat(columns.histogram(2)).isNull();
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
