package dev.muster.query.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapPaceTest {
    private static final long MEBI = 1 << 20;

    @Test
    void growsByAQuarterOfWhatIsInUse() {
        assertThat(HeapPace.threshold(120 * MEBI, 400 * MEBI)).isEqualTo(158 * MEBI);
    }

    @Test
    void leavesSmallHeapsAlone() {
        assertThat(HeapPace.threshold(5 * MEBI, 400 * MEBI)).isEqualTo(48 * MEBI);
    }

    @Test
    void leavesTheLastTenthToTheCollector() {
        assertThat(HeapPace.threshold(300 * MEBI, 400 * MEBI)).isEqualTo(360 * MEBI);
    }
}
