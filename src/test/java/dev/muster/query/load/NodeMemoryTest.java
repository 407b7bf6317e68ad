package dev.muster.query.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.series.BudgetExceededException;
import org.junit.jupiter.api.Test;

class NodeMemoryTest {
    private final NodeMemory memory = new NodeMemory(1_000);

    private final class Query implements Consumer {
        private final Priority priority;
        private long bytes;
        private String stopped = "";

        Query(Priority priority) {
            this.priority = priority;
            memory.join(this);
        }

        void hold(long more) {
            bytes += more;
            memory.reserve(this, more);
        }

        @Override
        public Priority priority() {
            return priority;
        }

        @Override
        public Usage usage() {
            return new Usage(0, 0, 0, bytes, bytes);
        }

        @Override
        public void stop(String limit, String why) {
            stopped = limit;
        }
    }

    @Test
    void theOneThatHoldsMostGoes() {
        Query large = new Query(Priority.AD_HOC);
        Query small = new Query(Priority.AD_HOC);
        large.hold(900);
        assertThatCode(() -> small.hold(150)).doesNotThrowAnyException();
        assertThat(large.stopped).isEqualTo("node-memory");
        assertThat(small.stopped).isEmpty();
        memory.leave(large, 900);
        assertThat(memory.heldBytes()).isEqualTo(150);
    }

    @Test
    void refusesTheLargestWhenItAsks() {
        new Query(Priority.DASHBOARD).hold(100);
        Query large = new Query(Priority.DASHBOARD);
        large.hold(800);
        assertThatThrownBy(() -> large.hold(200))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessage(
                        "queries must not hold more memory together than max-node-memory=1000:"
                                + " this one holds most");
    }

    @Test
    void nobodyPassesTheHardLimit() {
        new Query(Priority.AD_HOC).hold(990);
        Query other = new Query(Priority.AD_HOC);
        assertThatThrownBy(() -> other.hold(300)).isInstanceOf(BudgetExceededException.class);
    }

    @Test
    void rulesMayHoldMoreBeforeTheyGo() {
        Query rule = new Query(Priority.RULES);
        Query dashboard = new Query(Priority.DASHBOARD);
        rule.hold(550);
        dashboard.hold(400);
        assertThatThrownBy(() -> dashboard.hold(100)).isInstanceOf(BudgetExceededException.class);
        assertThat(rule.stopped).isEmpty();
    }

    @Test
    void theHeapGuardStopsTheLargest() {
        Query large = new Query(Priority.AD_HOC);
        large.hold(10);
        memory.stopLargest(HeapGuard.LIMIT, "full");
        assertThat(large.stopped).isEqualTo("heap");
    }
}
