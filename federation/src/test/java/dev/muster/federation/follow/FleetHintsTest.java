package dev.muster.federation.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.stream.Hint;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetHintsTest {
    private long nowMs = 10_000;
    private final FleetHints hints = new FleetHints(() -> nowMs);
    private long heardMs = nowMs;
    private final FleetHints.Source stream = () -> heardMs;

    private static Hint hint(String host, byte... bytes) {
        return new Hint(host, 3, true, bytes);
    }

    private boolean has(String host) {
        return hints.bytes("c", host, 3).isPresent();
    }

    @Test
    void standsWhileItsStreamIsReadForTheRunThatMadeIt() {
        hints.heard("c", List.of(hint("a", (byte) 1)), stream);
        assertThat(has("a")).isTrue();
        assertThat(hints.bytes("c", "a", 4)).isEmpty();
        assertThat(hints.bytes("d", "a", 3)).isEmpty();
        nowMs += FleetHints.VALID_MS + 1;
        assertThat(has("a")).as("nothing was read for long").isFalse();
        heardMs = nowMs;
        assertThat(has("a")).isTrue();
        hints.heard("c", List.of(new Hint("a", 3, false, new byte[0])), stream);
        assertThat(has("a")).isFalse();
        hints.heard("c", List.of(hint("a", (byte) 1)), stream);
        hints.lost(stream);
        assertThat(has("a")).isFalse();
    }

    @Test
    void equalOnesTakeTheirBytesOnceAndNoMoreThanTheLimit() {
        byte[] many = new byte[Hint.SIZE_LIMIT];
        hints.heard("c", List.of(hint("a", many), hint("b", many)), stream);
        assertThat(hints.sizeBytes()).isEqualTo(many.length);
        assertThat(hints.count()).isEqualTo(2);
        for (int i = 0; i * (long) Hint.SIZE_LIMIT < FleetHints.SIZE_LIMIT; i++) {
            byte[] other = new byte[Hint.SIZE_LIMIT];
            other[0] = (byte) (i + 1);
            other[1] = (byte) (i / 100);
            hints.heard("c", List.of(hint("h" + i, other)), stream);
        }
        assertThat(hints.sizeBytes()).isLessThanOrEqualTo(FleetHints.SIZE_LIMIT);
        assertThat(hints.refused()).isPositive();
        hints.lost(stream);
        assertThat(hints.sizeBytes()).isZero();
    }
}
