package dev.muster.query.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.query.load.TopQueries.Order;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TopQueriesTest {
    private final TopQueries top = new TopQueries(100, Duration.ofMinutes(1));

    private void ended(String query, long nowMs, long nanos, long memoryBytes) {
        top.record(query, 0, nowMs, nanos, new Usage(1, 2, 3, 0, memoryBytes));
    }

    @Test
    void ordersByWhatQueriesCost() {
        ended("often", 0, 1, 1);
        ended("often", 0, 1, 1);
        ended("often", 0, 1, 1);
        ended("slow", 0, 90, 1);
        ended("slower in sum", 0, 80, 1);
        ended("slower in sum", 0, 80, 1);
        ended("large", 0, 1, 900);
        assertThat(top.top(Order.COUNT, 1, 0)).extracting("query").containsExactly("often");
        assertThat(top.top(Order.AVERAGE_TIME, 1, 0)).extracting("query").containsExactly("slow");
        assertThat(top.top(Order.TIME, 2, 0))
                .extracting("query")
                .containsExactly("slower in sum", "slow");
        assertThat(top.top(Order.AVERAGE_MEMORY, 1, 0))
                .containsExactly(new TopQueries.Cost("large", 0, 1, 1, 900, 2));
    }

    @Test
    void forgetsWhatIsOldAndWhatIsTooMuch() {
        ended("old", 0, 1, 1);
        ended("new", 60_001, 1, 1);
        assertThat(top.top(Order.COUNT, 10, 0)).extracting("query").containsExactly("new");
        for (int i = 0; i < 1_000; i++) {
            ended("q" + i, 60_002, 1, 1);
        }
        assertThat(top.top(Order.COUNT, 1_000, 0)).hasSize(100);
        assertThat(top.top(Order.COUNT, 1_000, 60_003)).isEmpty();
    }
}
