package dev.muster.query.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.query.load.NodeMemory;
import dev.muster.query.load.Priority;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CallBudgetTest {
    private static final int LIMIT = 1_000;

    private final NodeMemory node = new NodeMemory(100 << 20);
    private final CallBudget budget = budget();

    private CallBudget budget() {
        var limits =
                new ApiLimits(
                        Duration.ofMinutes(1), 11_000, LIMIT, LIMIT, LIMIT, 4, 4, 1 << 20, ".*");
        return new CallBudget(limits, Priority.AD_HOC, node);
    }

    static List<Arguments> limits() {
        return List.of(
                limit("series", one -> one.chargeSeries(1)),
                limit("samples", one -> one.chargeSamples(1)),
                limit("fetched-bytes", one -> one.chargeFetchedBytes(1)));
    }

    private static Arguments limit(String name, Consumer<CallBudget> spend) {
        return Arguments.of(name, spend);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("limits")
    void stopsAtTheLimitByNameAndOthersGoOn(String name, Consumer<CallBudget> spend) {
        for (int i = 0; i < LIMIT; i++) {
            spend.accept(budget);
        }
        assertStopped(() -> spend.accept(budget), name, "max-" + name + "=" + LIMIT);
        CallBudget other = budget();
        assertThatCode(() -> spend.accept(other)).doesNotThrowAnyException();
    }

    @Test
    void tellsBeforehandWhichLimitsWouldBePassed() {
        assertThat(budget.passedBy(LIMIT, LIMIT, LIMIT)).isEmpty();
        assertThat(budget.passedBy(LIMIT + 1, LIMIT + 1, LIMIT + 1))
                .containsExactly("series", "samples", "fetched-bytes");
    }

    @Test
    void aShorterTimeHoldsAndALongerOneDoesNot() {
        budget.shorten(Duration.ofHours(1));
        assertThat(budget.left()).isLessThanOrEqualTo(Duration.ofMinutes(1));
        budget.shorten(Duration.ZERO);
        assertStopped(budget::check, CallBudget.TIMEOUT, "timed out");
        assertThatCode(budget()::check).doesNotThrowAnyException();
    }

    @Test
    void isStoppedOnceByTheFirstWhoSaysSo() {
        var stops = new AtomicInteger();
        budget.onStop(stops::incrementAndGet);
        budget.stop("node-memory", "others need it");
        budget.cancel();
        assertThat(stops).hasValue(1);
        assertStopped(budget::check, "node-memory", "others need it");
    }

    @Test
    void givesBackWhatItHeld() {
        budget.chargeMemory(5 << 20);
        budget.releaseMemory(1 << 20);
        assertThat(node.heldBytes()).isEqualTo(4 << 20);
        budget.close();
        assertThat(node.heldBytes()).isZero();
        budget.releaseMemory(4 << 20);
        assertThat(node.heldBytes()).as("released after it had ended").isZero();
    }

    private static void assertStopped(ThrowingCallable call, String limit, String words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BudgetExceededException.class, e -> assertThat(e.limit()).isEqualTo(limit))
                .hasMessageContaining(words);
    }
}
