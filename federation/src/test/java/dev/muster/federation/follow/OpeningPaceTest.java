package dev.muster.federation.follow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpeningPaceTest {
    private final OpeningPace pace = new OpeningPace(64);

    @Test
    void growsWithEachStreamThatComes() {
        assertThat(pace.limit()).isEqualTo(32);
        for (int i = 0; i < 100; i++) {
            pace.connected();
        }
        assertThat(pace.limit()).isEqualTo(64);
    }

    @Test
    void streamsThatFailTogetherHalveItOnce() {
        for (int i = 0; i < 30; i++) {
            pace.failed(1_000 + i);
        }
        assertThat(pace.limit()).isEqualTo(16);
        pace.failed(2_000);
        assertThat(pace.limit()).isEqualTo(8);
    }

    @Test
    void aFewAreAlwaysTried() {
        for (int i = 0; i < 30; i++) {
            pace.failed(1_000L * i);
        }
        assertThat(pace.limit()).isEqualTo(4);
        assertThat(new OpeningPace(1).limit()).isEqualTo(1);
    }
}
