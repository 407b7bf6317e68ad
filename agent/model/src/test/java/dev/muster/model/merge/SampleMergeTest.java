package dev.muster.model.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.HistogramMarker;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import org.junit.jupiter.api.Test;

class SampleMergeTest {
    @Test
    void partsThatFollowOneAnotherKeepHistogramsAndStartTimes() {
        SampleColumns first = new SampleColumns();
        first.append(1, 1.0);
        first.setStart(0, 900);
        first.append(2, histogram(1, CounterReset.NOT_RESET));
        SampleColumns second = new SampleColumns();
        second.append(3, histogram(2, CounterReset.RESET));
        second.append(4, histogram(3, CounterReset.NOT_RESET));
        second.setStart(1, 901);

        SampleColumns merged = merge(first, second);

        assertThat(merged.timestampsMs()).startsWith(1, 2, 3, 4);
        assertThat(merged.histogram(0)).isNull();
        assertThat(merged.startMs(0)).isEqualTo(900);
        assertThat(merged.histogram(1)).isEqualTo(histogram(1, CounterReset.NOT_RESET));
        assertThat(merged.startMs(1)).isZero();
        assertThat(merged.histogram(2)).isEqualTo(histogram(2, CounterReset.UNKNOWN));
        assertThat(merged.histogram(3)).isEqualTo(histogram(3, CounterReset.NOT_RESET));
        assertThat(merged.startMs(3)).isEqualTo(901);
    }

    @Test
    void aSampleIsTakenWithAllItHasFromOnePart() {
        SampleColumns first = new SampleColumns();
        first.append(1, Staleness.STALE);
        first.append(2, 20.0);
        first.append(3, histogram(3, CounterReset.NOT_RESET));
        first.append(5, histogram(5, CounterReset.NOT_RESET));
        SampleColumns second = new SampleColumns();
        second.append(1, histogram(1, CounterReset.GAUGE));
        second.setStart(0, 901);
        second.append(2, histogram(2, CounterReset.NOT_RESET));
        second.setStart(1, 902);
        second.append(4, histogram(4, CounterReset.NOT_RESET));
        second.setStart(2, 904);

        SampleColumns merged = merge(first, second);

        assertThat(merged.size()).isEqualTo(5);
        assertThat(merged.histogram(0)).isEqualTo(histogram(1, CounterReset.GAUGE));
        assertThat(merged.startMs(0)).isEqualTo(901);
        assertThat(merged.histogram(1)).isNull();
        assertThat(merged.values()[1]).isEqualTo(20);
        assertThat(merged.startMs(1)).isZero();
        assertThat(merged.histogram(2)).isEqualTo(histogram(3, CounterReset.NOT_RESET));
        assertThat(merged.histogram(3)).isEqualTo(histogram(4, CounterReset.UNKNOWN));
        assertThat(merged.startMs(3)).isEqualTo(904);
        assertThat(merged.histogram(4)).isEqualTo(histogram(5, CounterReset.UNKNOWN));
        assertThat(HistogramMarker.isHistogram(merged.values()[4])).isTrue();
    }

    private static SampleColumns merge(SampleColumns... parts) {
        SampleColumns merged = new SampleColumns(0);
        SampleMerge.merge(parts, new int[parts.length], parts.length, merged);
        return merged;
    }

    private static NativeHistogram histogram(double count, CounterReset reset) {
        return NativeHistogram.exponential(
                0,
                reset,
                0,
                0,
                count,
                count,
                Buckets.of(new int[] {1}, new double[] {count}),
                Buckets.NONE);
    }
}
