package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepSamplesTest {
    /// At 201, 206, 211 and 216 s.
    private static final Steps STEPS = new Steps(201_000, 216_000, 5_000);

    private final MemorySource source = new MemorySource();
    private final PromQlEngine engine = new PromQlEngine(EngineConfig.DEFAULT);

    @BeforeEach
    void fill() {
        for (int i = 0; i <= 100; i++) {
            source.add(Labels.of(Labels.METRIC, "one"), i * 10_000L, i);
            for (String instance : List.of("a", "b", "c")) {
                source.add(Labels.of(Labels.METRIC, "three", "i", instance), i * 10_000L, i);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "one | 1 1 1 1 | 1 1 1 1",
                "three | 3 3 3 3 | 3 3 3 3",
                "sum(three) + one | 4 4 4 4 | 4 4 4 4",
                "timestamp(three) | 3 3 3 3 | 3 3 3 3",
                "sum_over_time(one[60s]) | 6 6 6 6 | 6 0 1 0",
                "rate(three[60s]) | 18 18 18 18 | 18 0 3 0",
                "one @ 100 | 1 1 1 1 | 1 0 0 0",
                "max_over_time(three[60s] @ 100) | 18 18 18 18 | 18 0 0 0",
                "max_over_time(one[60s:5s]) | 12 12 12 12 | 12 1 1 1",
                "sum by (i) (one offset 1h) | 0 0 0 0 | 0 0 0 0",
                "vector(1) | 0 0 0 0 | 0 0 0 0",
            })
    void countsWhatEachStepLooksAt(String query, String queryable, String read)
            throws QueryException, IOException {
        StepSamples counted =
                engine.range(source, query, STEPS, QueryOptions.DEFAULT.countingSteps())
                        .stats()
                        .perStep()
                        .orElseThrow();
        List<String> all = new ArrayList<>();
        List<String> fresh = new ArrayList<>();
        for (int step = 0; step < STEPS.count(); step++) {
            all.add(Long.toString(counted.queryable(step)));
            fresh.add(Long.toString(counted.read(step)));
        }
        assertThat(String.join(" ", all)).isEqualTo(queryable);
        assertThat(String.join(" ", fresh)).isEqualTo(read);
        assertThat(counted.steps()).isEqualTo(STEPS);
    }

    @Test
    void countsAnInstantQueryAtItsTime() throws QueryException, IOException {
        QueryOptions counting = QueryOptions.DEFAULT.countingSteps();
        StepSamples window =
                engine.instant(source, "three[60s]", 201_000, counting)
                        .stats()
                        .perStep()
                        .orElseThrow();
        assertThat(window.queryable()).isEqualTo(18);
        assertThat(window.read()).isEqualTo(18);
        assertThat(engine.instant(source, "one", 1, QueryOptions.DEFAULT).stats().perStep())
                .isEmpty();
    }
}
