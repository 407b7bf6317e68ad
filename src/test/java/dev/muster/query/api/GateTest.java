package dev.muster.query.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final ApiLimits LIMITS =
            new ApiLimits(Duration.ofSeconds(30), 11_000, 10, 10, 10, 1, 1, 1_000, ".*");

    private final Gate gate = new Gate(1, 1);

    @Test
    void letsOneInAfterTheOther() throws Exception {
        Gate.Place first = gate.enter(new CallBudget(LIMITS));
        CompletableFuture<Gate.Place> second =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return gate.enter(new CallBudget(LIMITS));
                    } catch (LimitException | ApiException e) {
                        throw new IllegalStateException(e);
                    }
                });
        await().until(() -> gate.waiting() == 1);
        assertThat(gate.running()).isOne();
        assertThatThrownBy(() -> gate.enter(new CallBudget(LIMITS)))
                .isInstanceOf(LimitException.class)
                .hasMessage("too many queries wait: max-waiting=1");
        first.close();
        second.get().close();
        assertThat(gate.running()).isZero();
        assertThat(gate.waiting()).isZero();
    }

    @Test
    void waitsNoLongerThanTheCallMayTake() throws Exception {
        try (var _ = gate.enter(new CallBudget(LIMITS))) {
            CallBudget hasty = new CallBudget(LIMITS);
            hasty.shorten(Duration.ofMillis(10));
            assertThatThrownBy(() -> gate.enter(hasty))
                    .isInstanceOf(LimitException.class)
                    .hasMessage("query timed out in query queue");
        }
    }
}
