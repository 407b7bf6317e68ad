package dev.muster.query.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<Thread> threads = new ArrayList<>();
    private final List<Priority> order = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void end() throws InterruptedException {
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
    }

    /// A query that runs until it is let go.
    private final class Query {
        private final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch in = new CountDownLatch(1);
        private final CountDownLatch out = new CountDownLatch(1);

        Query(Gate gate, Priority priority) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try (var _ = gate.enter(priority, LONG)) {
                                    order.add(priority);
                                    in.countDown();
                                    go.await();
                                } catch (Gate.RefusedException | InterruptedException e) {
                                    order.add(null);
                                } finally {
                                    out.countDown();
                                }
                            }));
        }

        Query in() throws InterruptedException {
            assertThat(in.await(30, TimeUnit.SECONDS)).isTrue();
            return this;
        }

        void end() throws InterruptedException {
            go.countDown();
            assertThat(out.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private List<Query> queue(Gate gate, Priority priority, int count) {
        List<Query> queries = new ArrayList<>();
        int before = gate.waiting(priority);
        for (int i = 0; i < count; i++) {
            queries.add(new Query(gate, priority));
        }
        await().until(() -> gate.waiting(priority) == before + count);
        return queries;
    }

    @Test
    void manyDashboardsDoNotKeepRulesOut() throws InterruptedException {
        Gate gate = new Gate(GateConfig.of(20, 1_000));
        List<Query> dashboards = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            dashboards.add(new Query(gate, Priority.DASHBOARD).in());
        }
        queue(gate, Priority.DASHBOARD, 184);
        // Not one dashboard ends, and yet rules run, one after another.
        for (int i = 0; i < 100; i++) {
            new Query(gate, Priority.RULES).in().end();
        }
        assertThat(gate.running(Priority.DASHBOARD)).isEqualTo(16);
        assertThat(gate.waiting(Priority.DASHBOARD)).isEqualTo(184);
    }

    @Test
    void adHocQueriesGetTheirTurnAmongDashboards() throws InterruptedException {
        Gate gate = new Gate(GateConfig.of(1, 1_000));
        Query first = new Query(gate, Priority.RULES).in();
        List<Query> waiting = new ArrayList<>(queue(gate, Priority.AD_HOC, 10));
        waiting.addAll(queue(gate, Priority.DASHBOARD, 200));
        waiting.addAll(queue(gate, Priority.RULES, 10));
        waiting.forEach(query -> query.go.countDown());
        first.end();
        for (Query query : waiting) {
            query.end();
        }
        // One of 21 turns, and all of them long before the dashboards are through.
        List<Priority> early = order.subList(1, 64);
        assertThat(early).filteredOn(Priority.AD_HOC::equals).hasSizeBetween(5, 12);
        assertThat(order.subList(1, 30)).contains(Priority.AD_HOC);
        // Rules that wait go before nearly everybody.
        assertThat(order.subList(1, 20)).filteredOn(Priority.RULES::equals).hasSize(10);
    }

    @Test
    void letsThoseOfAClassInInOrder() throws InterruptedException {
        Gate gate = new Gate(GateConfig.of(1, 10));
        Query running = new Query(gate, Priority.AD_HOC).in();
        Query second = queue(gate, Priority.AD_HOC, 1).getFirst();
        Query third = queue(gate, Priority.AD_HOC, 1).getFirst();
        running.end();
        second.in();
        assertThat(third.in.getCount()).isOne();
        second.end();
        third.in().end();
    }

    @Test
    void aClassThatWasAwaySavesUpNoTurns() throws InterruptedException {
        Gate gate = new Gate(GateConfig.of(1, 1_000));
        Query first = new Query(gate, Priority.RULES).in();
        List<Query> waiting = new ArrayList<>(queue(gate, Priority.DASHBOARD, 100));
        waiting.forEach(query -> query.go.countDown());
        first.end();
        for (Query query : waiting) {
            query.end();
        }
        Query next = new Query(gate, Priority.RULES).in();
        order.clear();
        waiting = new ArrayList<>(queue(gate, Priority.AD_HOC, 20));
        waiting.addAll(queue(gate, Priority.DASHBOARD, 20));
        waiting.forEach(query -> query.go.countDown());
        next.end();
        for (Query query : waiting) {
            query.end();
        }
        assertThat(order.subList(0, 15)).filteredOn(Priority.AD_HOC::equals).hasSizeBetween(2, 5);
    }

    @Test
    void keepsNoMoreWaitingThanAClassMay() throws InterruptedException {
        Gate gate = new Gate(GateConfig.of(1, 2));
        Query running = new Query(gate, Priority.AD_HOC).in();
        queue(gate, Priority.AD_HOC, 2);
        assertThatThrownBy(() -> gate.enter(Priority.AD_HOC, LONG))
                .isInstanceOf(Gate.RefusedException.class)
                .hasMessage("too many queries wait: class=ad-hoc, max-waiting=2");
        // Others have a queue of their own.
        Query rule = queue(gate, Priority.RULES, 1).getFirst();
        running.end();
        rule.in().end();
    }

    @Test
    void waitsNoLongerThanTheQueryMayTake() throws Exception {
        Gate gate = new Gate(GateConfig.of(1, 1));
        try (var _ = gate.enter(Priority.RULES, LONG)) {
            assertThatThrownBy(() -> gate.enter(Priority.RULES, Duration.ofMillis(1)))
                    .isInstanceOf(Gate.RefusedException.class)
                    .hasMessage("query timed out in query queue");
            assertThat(gate.waiting(Priority.RULES)).isZero();
        }
        assertThat(gate.running(Priority.RULES)).isZero();
    }

    @Test
    void whoIsInterruptedLeavesTheQueue() throws InterruptedException {
        Gate gate = new Gate(GateConfig.of(1, 10));
        Query running = new Query(gate, Priority.AD_HOC).in();
        Query gone = queue(gate, Priority.AD_HOC, 1).getFirst();
        threads.getLast().interrupt();
        assertThat(gone.out.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(gate.waiting(Priority.AD_HOC)).isZero();
        running.end();
        new Query(gate, Priority.AD_HOC).in().end();
        assertThat(gate.running(Priority.AD_HOC)).isZero();
    }

    @Test
    void aPlaceIsGivenBackOnce() throws Exception {
        Gate gate = new Gate(GateConfig.of(2, 1));
        Gate.Place place = gate.enter(Priority.RULES, LONG);
        place.close();
        place.close();
        assertThat(gate.running(Priority.RULES)).isZero();
    }

    @Test
    void refusesSharesThatDoNotFit() {
        assertThatThrownBy(() -> new GateConfig.Share(0, 1, 1))
                .hasMessageContaining("max-concurrent=0");
        assertThatThrownBy(() ->
                        new GateConfig(
                                1, java.util.Map.of(Priority.RULES, new GateConfig.Share(2, 1, 1))))
                .hasMessageContaining("class=rules, places=1");
    }
}
