package dev.muster.model.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
