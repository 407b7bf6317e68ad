package dev.muster.model.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TimeRangeTest {
    @Test
    void isHalfOpen() {
        TimeRange range = new TimeRange(10, 20);

        assertThat(range.contains(10)).isTrue();
        assertThat(range.contains(20)).isFalse();
        assertThat(range.overlaps(new TimeRange(20, 30))).isFalse();
        assertThat(range.overlaps(new TimeRange(19, 30))).isTrue();
        assertThat(TimeRange.closed(10, 19)).isEqualTo(range);
        assertThat(range.lengthMs()).isEqualTo(10);
    }

    @Test
    void windowsAreAlignedBeforeTheEpochToo() {
        assertThat(TimeRange.windowOf(25, 10)).isEqualTo(new TimeRange(20, 30));
        assertThat(TimeRange.windowOf(20, 10)).isEqualTo(new TimeRange(20, 30));
        assertThat(TimeRange.windowOf(-1, 10)).isEqualTo(new TimeRange(-10, 0));
    }

    @Test
    void refusesAnEmptyRange() {
        assertThatThrownBy(() -> new TimeRange(5, 5))
                .hasMessage("time range must not be empty: startMs=5, endMs=5");
    }

    @Test
    void stepsEndAtOrBeforeTheEnd() {
        Steps steps = new Steps(0, 25, 10);

        assertThat(steps.count()).isEqualTo(3);
        assertThat(steps.at(2)).isEqualTo(20);
        assertThat(Steps.instant(7).count()).isEqualTo(1);
        assertThatThrownBy(() -> new Steps(0, 1, 0))
                .hasMessage("step must be at least 1 ms: stepMs=0");
        assertThatThrownBy(() -> new Steps(1, 0, 1))
                .hasMessage("end must not be before start: startMs=1, endMs=0");
    }
}
