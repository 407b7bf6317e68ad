package dev.muster.query.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.time.TimeRange;
import java.util.List;
import org.junit.jupiter.api.Test;

class GapTest {
    private static final TimeRange RANGE = new TimeRange(100, 200);

    @Test
    void isTheWholeRangeWhereNothingIsCovered() {
        assertThat(Gap.of(RANGE, List.of())).contains(RANGE);
        assertThat(Gap.of(RANGE, List.of(new TimeRange(0, 100), new TimeRange(200, 300))))
                .contains(RANGE);
    }

    @Test
    void isNothingWhereAllIsCovered() {
        assertThat(Gap.of(RANGE, List.of(new TimeRange(0, 1_000)))).isEmpty();
        assertThat(
                        Gap.of(
                                RANGE,
                                List.of(
                                        new TimeRange(150, 220),
                                        new TimeRange(50, 120),
                                        new TimeRange(120, 150))))
                .isEmpty();
    }

    @Test
    void isWhatIsLeftAtTheEnds() {
        assertThat(Gap.of(RANGE, List.of(new TimeRange(0, 150)))).contains(new TimeRange(150, 200));
        assertThat(Gap.of(RANGE, List.of(new TimeRange(150, 300))))
                .contains(new TimeRange(100, 150));
    }

    @Test
    void spansAHoleInTheMiddle() {
        assertThat(Gap.of(RANGE, List.of(new TimeRange(0, 130), new TimeRange(140, 300))))
                .contains(new TimeRange(130, 140));
    }
}
