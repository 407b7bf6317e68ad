package dev.muster.agent.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TickPlanTest {
    @ParameterizedTest
    @ValueSource(longs = {250, 1_000, 15_000, 60_000, 86_400_000})
    void ticksAreRegularAndFireSoonAfter(long intervalMs) {
        for (int hash = -50; hash < 50; hash++) {
            TickPlan plan = TickPlan.of(intervalMs, hash * 7_919);
            long tickMs = plan.tickAt(1_700_000_000_123L);
            for (int i = 0; i < 1_000; i++) {
                long nextMs = plan.nextTick(tickMs);
                assertThat(nextMs - tickMs).isEqualTo(intervalMs);
                assertThat(plan.fireMs(tickMs) - tickMs).isBetween(0L, 499L);
                assertThat(plan.tickAt(plan.fireMs(nextMs))).isEqualTo(nextMs);
                assertThat(plan.tickAt(plan.fireMs(nextMs) - 1)).isEqualTo(tickMs);
                tickMs = nextMs;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {250, 500, 1_000})
    void shortIntervalsAreAlignedForAllTargets(long intervalMs) {
        for (int hash = 0; hash < 100; hash++) {
            TickPlan plan = TickPlan.of(intervalMs, hash * 31_337);
            assertThat(plan.tickAt(1_700_000_000_999L) % intervalMs).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, 15_000})
    void targetsAreSpread(long intervalMs) {
        long distinct =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> TickPlan.of(intervalMs, ("target " + i).hashCode()))
                        .map(plan -> plan.fireMs(plan.offsetMs()) % intervalMs)
                        .distinct()
                        .count();
        assertThat(distinct).isGreaterThan(300);
    }
}
