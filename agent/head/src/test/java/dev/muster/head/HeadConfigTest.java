package dev.muster.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeadConfigTest {
    private static final HeadConfig DEFAULTS = HeadConfig.in(Path.of("data"));

    @Test
    void hasTheDefaultsOfTheDesign() {
        assertThat(DEFAULTS.window()).isEqualTo(Duration.ofHours(2));
        assertThat(DEFAULTS.syncInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(DEFAULTS.checkpointInterval()).isEqualTo(Duration.ofMinutes(10));
        assertThat(DEFAULTS.outOfOrderWindow()).isEqualTo(Duration.ofMinutes(10));
        assertThat(DEFAULTS.maxAhead()).isEqualTo(Duration.ofMinutes(10));
        assertThat(DEFAULTS.seriesLimit()).isEqualTo(1_000_000);
        assertThat(DEFAULTS.lateLimit()).isEqualTo(1_000);
        assertThat(DEFAULTS.diskLimitBytes()).isEqualTo(16L << 30);
        assertThat(DEFAULTS.walSegmentBytes()).isEqualTo(32L << 20);
        assertThat(DEFAULTS.openBytesLimit()).isEqualTo(32L << 20);
    }

    @Test
    void refusesAWindowThatDoesNotDivideADay() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withWindow(Duration.ofMinutes(7)))
                .withMessage(
                        "head config: window must be 1 min to 1 d and divide a day: found=PT7M");
    }

    @Test
    void refusesLimitsOfNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withSeriesLimit(0))
                .withMessage("head config: seriesLimit must be at least 1: found=0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withSyncInterval(Duration.ZERO))
                .withMessage("head config: syncInterval must be positive: found=PT0S");
    }
}
