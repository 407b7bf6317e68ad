package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many threads answer as one does, bit for bit; `-Dseed=` repeats a run.
class ParallelTest {
    private static final long SEED = Long.getLong("seed", 11);
    private static final int SERIES = 1_500;
    private static final Steps STEPS = new Steps(60_000, 600_000, 10_000);

    private static final MemorySource SOURCE = source();

    private static MemorySource source() {
        Random random = new Random(SEED);
        MemorySource source = new MemorySource();
        for (int i = 0; i < SERIES; i++) {
            Labels labels =
                    Labels.of(
                            Labels.METRIC,
                            "m_total",
                            "i",
                            String.valueOf(i),
                            "job",
                            "j" + i % 7,
                            "le",
                            String.valueOf(i % 5));
            double value = random.nextDouble();
            for (long t = random.nextInt(15_000); t < 600_000; t += 15_000) {
                value += random.nextInt(4) == 0 ? random.nextInt(3) : random.nextDouble();
                source.add(labels, t, value);
            }
        }
        return source;
    }

    private static PromQlEngine engine(int threads) {
        return new PromQlEngine(EngineConfig.DEFAULT.toBuilder().parallelism(threads).build());
    }

    private static String text(QueryValue value) {
        StringBuilder text = new StringBuilder();
        if (value instanceof MatrixValue matrix) {
            for (MatrixSeries series : matrix.series()) {
                text.append(series.labels());
                for (int i = 0; i < series.size(); i++) {
                    text.append(' ').append(series.timestampMs(i)).append('=');
                    text.append(Double.doubleToRawLongBits(series.value(i)));
                }
                text.append('\n');
            }
        } else if (value instanceof VectorValue vector) {
            for (int i = 0; i < vector.size(); i++) {
                text.append(vector.labels(i)).append(' ').append(vector.value(i)).append('\n');
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "m_total",
                "sum(m_total)",
                "avg by (job) (rate(m_total[1m]))",
                "stddev by (le) (m_total)",
                "max without (i) (m_total)",
                "count(m_total > 3)",
                "topk(5, m_total)",
                "bottomk by (job) (3, floor(m_total))",
                "limitk(20, m_total)",
                "limit_ratio(0.3, m_total)",
                "quantile by (job) (0.9, m_total)",
                "count_values by (job) (\"v\", floor(m_total))",
                "rate(m_total[1m]) / on (i) m_total",
                "m_total * on (job) group_left () sum by (job) (m_total)",
                "histogram_quantile(0.9, sum by (le) (m_total))",
                "max_over_time(rate(m_total[1m])[2m:30s])",
                "label_replace(m_total, \"x\", \"$1\", \"job\", \"j(.*)\")",
                "m_total and on (job) m_total{i=~\".*3\"}",
                "m_total{job=\"j1\"} or m_total",
                "abs(-m_total) + 1",
                "scalar(sum(m_total)) + m_total",
                "absent(m_total{i=\"none\"})"
            })
    void answersAsOneThreadDoes(String query) throws QueryException, IOException {
        QueryOptions options = QueryOptions.DEFAULT;
        String expected = text(engine(1).range(SOURCE, query, STEPS, options).value());
        assertThat(expected).isNotEmpty();
        for (int round = 0; round < 3; round++) {
            assertThat(text(engine(4).range(SOURCE, query, STEPS, options).value()))
                    .isEqualTo(expected);
        }
        assertThat(text(engine(4).instant(SOURCE, query, 300_000, options).value()))
                .isEqualTo(text(engine(1).instant(SOURCE, query, 300_000, options).value()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sum(m_total)", "m_total", "topk(3, m_total)"})
    void stopsAllThreadsAtTheFirstFailure(String query) {
        AtomicInteger readers = new AtomicInteger();
        SeriesSource failing =
                request -> {
                    SeriesSet set = SOURCE.select(request);
                    return new ForwardingSet(
                            set,
                            index -> {
                                readers.incrementAndGet();
                                try {
                                    if (index == 700) {
                                        throw new IOException("page is damaged");
                                    }
                                } finally {
                                    readers.decrementAndGet();
                                }
                            });
                };
        for (int round = 0; round < 5; round++) {
            IOException e =
                    catchThrowableOfType(
                            IOException.class,
                            () -> engine(4).range(failing, query, STEPS, QueryOptions.DEFAULT));
            assertThat(e).hasMessage("page is damaged");
            assertThat(readers).hasValue(0);
        }
    }

    @Test
    void memoryIsGivenBack() throws QueryException, IOException {
        QueryResult result = engine(4).range(SOURCE, "sum(m_total)", STEPS, QueryOptions.DEFAULT);
        assertThat(result.stats().peakMemoryBytes()).isLessThan(1 << 20);
    }

    /// Looks at what is read before it is.
    private record ForwardingSet(SeriesSet set, Before before) implements SeriesSet {
        interface Before {
            void reading(int index) throws IOException;
        }

        @Override
        public int size() {
            return set.size();
        }

        @Override
        public Labels labels(int index) {
            return set.labels(index);
        }

        @Override
        public SampleReader reader() {
            var reader = set.reader();
            return (index, into) -> {
                before.reading(index);
                reader.read(index, into);
            };
        }

        @Override
        public void close() {
            set.close();
        }
    }
}
