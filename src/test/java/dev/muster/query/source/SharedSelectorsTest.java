package dev.muster.query.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.part.PartSelector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharedSelectorsTest {
    private long nowMs = 1_000_000;
    private final SharedSelectors shared = new SharedSelectors(() -> nowMs);

    private static List<PartSelector> up(long startMs, long endMs) {
        return List.of(
                new PartSelector(
                        List.of(new LabelMatcher.Equal("__name__", "up")),
                        new TimeRange(startMs, endMs)));
    }

    @Test
    void holdsOfTheTimeThatIsConcernedOnly() {
        shared.add(up(0, 100_000), Optional.of(new TimeRange(40_000, 50_000)));
        assertThat(shared.hasAny(up(0, 41_000))).isTrue();
        assertThat(shared.hasAny(up(49_999, 90_000))).isTrue();
        assertThat(shared.hasAny(up(50_000, 90_000))).isFalse();
        assertThat(shared.hasAny(up(0, 40_000))).isFalse();
    }

    @Test
    void takesTheTimesOfSeveralAgentsTogetherAndForgets() {
        shared.add(up(0, 100_000), Optional.of(new TimeRange(40_000, 50_000)));
        shared.add(up(0, 100_000), Optional.of(new TimeRange(70_000, 80_000)));
        assertThat(shared.hasAny(up(55_000, 60_000))).isTrue();
        nowMs += 600_000;
        assertThat(shared.hasAny(up(55_000, 60_000))).isFalse();
        shared.add(up(0, 100_000), Optional.of(new TimeRange(70_000, 80_000)));
        assertThat(shared.hasAny(up(40_000, 50_000))).isFalse();
    }

    @Test
    void holdsOfAllTimeWhereNothingIsSaid() {
        shared.add(up(0, 100_000), Optional.empty());
        assertThat(shared.hasAny(up(900_000, 1_000_000))).isTrue();
    }
}
