package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.time.Steps;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueryTraceTest {
    private static final Steps STEPS = new Steps(60_000, 120_000, 10_000);

    private final MemorySource source = new MemorySource();
    private final PromQlEngine engine = new PromQlEngine(EngineConfig.DEFAULT);

    @BeforeEach
    void fill() {
        for (int series = 0; series < 20; series++) {
            Labels labels = Labels.builder().set(Labels.METRIC, "m").set("i", "" + series).build();
            for (long timeMs = 0; timeMs <= 120_000; timeMs += 1_000) {
                source.add(labels, timeMs, timeMs);
            }
        }
    }

    @Test
    void tellsOperatorsApart() throws QueryException, IOException {
        QueryTrace trace = new QueryTrace();
        engine.range(
                source,
                "sum(rate(m[30s])) / count(m)",
                STEPS,
                QueryOptions.DEFAULT.withTrace(trace));
        ExplainNode join = trace.plan().orElseThrow();
        assertThat(join.operator()).isEqualTo("join /");
        ExplainNode sum = join.children().get(0);
        ExplainNode rate = sum.children().getFirst();
        ExplainNode selector = join.children().get(1).children().getFirst();
        assertThat(rate.operator()).isEqualTo("rate");
        assertThat(rate.counters().seriesRead()).isEqualTo(20);
        assertThat(rate.counters().seriesGiven()).isEqualTo(20);
        assertThat(rate.counters().samples()).isPositive();
        assertThat(rate.counters().selfNanos()).isPositive();
        assertThat(sum.counters().seriesRead()).isZero();
        assertThat(sum.counters().seriesGiven()).isOne();
        assertThat(selector.operator()).isEqualTo("selector");
        assertThat(selector.counters().seriesRead()).isEqualTo(20);
        assertThat(join.counters().peakMemoryBytes()).isPositive();
        assertThat(join.counters().workers()).isPositive();
        assertThat(join.totalNanos())
                .isEqualTo(
                        join.counters().selfNanos()
                                + sum.totalNanos()
                                + join.children().get(1).totalNanos());
    }

    @Test
    void answersAreTheSame() throws QueryException, IOException {
        String query = "topk(2, m) or sum by (i) (max_over_time(m[30s:10s]))";
        QueryResult plain = engine.range(source, query, STEPS, QueryOptions.DEFAULT);
        QueryResult traced =
                engine.range(
                        source, query, STEPS, QueryOptions.DEFAULT.withTrace(new QueryTrace()));
        assertThat(traced.value()).usingRecursiveComparison().isEqualTo(plain.value());
    }

    @Test
    void explainsWhatSelectorsWillRead() throws QueryException {
        ExplainNode max =
                engine.explain(
                        "max_over_time(m{i=~\"1.*\"}[30s:10s])",
                        STEPS,
                        false,
                        QueryOptions.DEFAULT);
        ExplainNode subquery = max.children().getFirst();
        ExplainNode selector = subquery.children().getFirst();
        assertThat(subquery.operator()).isEqualTo("subquery");
        assertThat(selector.steps()).isEqualTo(new Steps(40_000, 120_000, 10_000));
        ExplainNode.Reads reads = selector.reads().orElseThrow();
        assertThat(reads.matchers()).hasSize(2);
        assertThat(reads.range().startMs()).isEqualTo(40_000 - 300_000 + 1);
        assertThat(reads.range().endMs()).isEqualTo(120_001);
        assertThat(max.counters().calls()).isZero();
    }

    @Test
    void marksWhatIsEvaluatedOnce() throws QueryException {
        ExplainNode join = engine.explain("m + sum(m @ 60)", STEPS, false, QueryOptions.DEFAULT);
        ExplainNode invariant = join.children().get(1);
        assertThat(invariant.operator()).isEqualTo("step-invariant");
        assertThat(invariant.children().getFirst().steps().count()).isOne();
    }
}
