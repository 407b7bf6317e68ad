package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.Steps;
import dev.muster.promql.QueryException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A query that would pass a limit is stopped with the limit's name, and the engine goes on.
class LimitsTest {
    private static final int SERIES = 100;
    private static final int SAMPLES = 50;

    private final MemorySource source = new MemorySource();

    LimitsTest() {
        for (int series = 0; series < SERIES; series++) {
            Labels labels = Labels.of(Labels.METRIC, "m", "i", String.valueOf(series));
            for (int sample = 0; sample < SAMPLES; sample++) {
                source.add(labels, sample * 1_000L, sample);
            }
        }
    }

    private QueryException refused(EngineConfig config, QueryOptions options, String query) {
        PromQlEngine engine = new PromQlEngine(config);
        Steps steps = new Steps(0, 49_000, 1_000);
        QueryException e =
                catchThrowableOfType(
                        QueryException.class, () -> engine.range(source, query, steps, options));
        assertThat(e).as(query).isNotNull();
        return e;
    }

    @Test
    void points() {
        QueryException e =
                catchThrowableOfType(
                        QueryException.class,
                        () ->
                                new PromQlEngine(EngineConfig.DEFAULT)
                                        .range(
                                                source,
                                                "m",
                                                new Steps(0, 11_001, 1),
                                                QueryOptions.DEFAULT));
        assertThat(e)
                .hasMessage(
                        "exceeded maximum resolution of 11,000 points per timeseries. Try"
                                + " decreasing the query resolution (?step=XX)");
    }

    @Test
    void series() {
        QueryException e =
                refused(
                        EngineConfig.DEFAULT.toBuilder().maxSeries(SERIES - 1).build(),
                        QueryOptions.DEFAULT,
                        "sum(m)");
        assertThat(e.kind()).isEqualTo(Kind.LIMIT);
        assertThat(e).hasMessage("query must not use more series: limit=99");
    }

    @Test
    void samples() {
        QueryException e =
                refused(
                        EngineConfig.DEFAULT.toBuilder().maxSamples(1_000).build(),
                        QueryOptions.DEFAULT,
                        "sum(rate(m[1m]))");
        assertThat(e.kind()).isEqualTo(Kind.LIMIT);
        assertThat(e)
                .hasMessage(
                        "query processing would load too many samples into memory in query"
                                + " execution: limit=1000");
    }

    @Test
    void memory() throws QueryException, IOException {
        EngineConfig config = EngineConfig.DEFAULT.toBuilder().maxMemoryBytes(20_000).build();
        QueryException e = refused(config, QueryOptions.DEFAULT, "topk(100, m)");
        assertThat(e.kind()).isEqualTo(Kind.LIMIT);
        assertThat(e).hasMessage("query must not use more memory bytes: limit=20000");
        // What does not collect its input fits.
        QueryResult sum =
                new PromQlEngine(config)
                        .range(
                                source,
                                "sum(rate(m[10s]))",
                                new Steps(0, 49_000, 1_000),
                                QueryOptions.DEFAULT);
        assertThat(((MatrixValue) sum.value()).size()).isEqualTo(1);
    }

    @Test
    void memoryIsGivenBack() throws QueryException, IOException {
        // Each side of the chain is collected and let go again.
        String chain = "m" + " + m".repeat(20);
        QueryResult result =
                new PromQlEngine(EngineConfig.DEFAULT)
                        .range(source, chain, new Steps(0, 49_000, 1_000), QueryOptions.DEFAULT);
        assertThat(result.stats().peakMemoryBytes())
                .isLessThan(6 * SERIES * StepColumn.sizeBytes(50));
    }

    @Test
    void stepsOfASubquery() {
        QueryException e =
                refused(
                        EngineConfig.DEFAULT,
                        QueryOptions.DEFAULT,
                        "max_over_time(sum(m)[100y:1ms])");
        assertThat(e.kind()).isEqualTo(Kind.LIMIT);
        assertThat(e).hasMessage("query must not use more memory bytes: limit=536870912");
    }

    @Test
    void cancellationInsideOfOneSeries() {
        // One look at the start, two for the series; what follows is within its windows.
        QueryException e =
                refused(
                        EngineConfig.DEFAULT,
                        QueryOptions.DEFAULT.withBudget(new CancelledAfter(4)),
                        "quantile_over_time(0.5, vector(1)[1d:1s])");
        assertThat(e.kind()).isEqualTo(Kind.CANCELLED);
    }

    @Test
    void timeout() {
        QueryException e =
                refused(
                        EngineConfig.DEFAULT,
                        QueryOptions.DEFAULT.withTimeout(Duration.ofNanos(1)),
                        "sum(m)");
        assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(e).hasMessage("query timed out in expression evaluation");
    }

    @Test
    void cancellation() {
        QueryException e =
                refused(
                        EngineConfig.DEFAULT,
                        QueryOptions.DEFAULT.withBudget(new CancelledAfter(10)),
                        "sum(m)");
        assertThat(e.kind()).isEqualTo(Kind.CANCELLED);
        assertThat(e).hasMessage("the client has left");
    }

    /// Lets a few series pass, then stops the query.
    private static final class CancelledAfter implements ReadBudget {
        private int left;

        CancelledAfter(int checks) {
            left = checks;
        }

        @Override
        public void chargeSeries(int count) {}

        @Override
        public void chargeSamples(int count) {}

        @Override
        public void chargeFetchedBytes(long bytes) {}

        @Override
        public void check() {
            if (left-- == 0) {
                throw new BudgetExceededException("cancelled", "the client has left");
            }
        }
    }

    @Test
    void seriesOfTheAnswer() throws QueryException, IOException {
        QueryResult result =
                new PromQlEngine(EngineConfig.DEFAULT)
                        .instant(source, "m", 10_000, QueryOptions.DEFAULT.withLimit(3));
        assertThat(((VectorValue) result.value()).size()).isEqualTo(3);
        assertThat(result.warnings()).containsExactly("results truncated due to limit");
    }

    @Test
    void typeOfARangeQuery() {
        assertThat(refused(EngineConfig.DEFAULT, QueryOptions.DEFAULT, "m[5m]"))
                .hasMessage(
                        "invalid expression type \"range vector\" for range query, must be Scalar"
                                + " or instant Vector");
    }

    @Test
    void warningsOfTheSourceAreHandedOn() throws QueryException, IOException {
        SeriesSource partial = _ -> new Partial();
        QueryResult result =
                new PromQlEngine(EngineConfig.DEFAULT)
                        .instant(partial, "sum(m)", 10_000, QueryOptions.DEFAULT);
        assertThat(result.warnings()).containsExactly("agent a1 did not answer");
    }

    /// No series, but a warning.
    private static final class Partial implements SeriesSet {
        @Override
        public int size() {
            return 0;
        }

        @Override
        public Labels labels(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public SampleReader reader() {
            return (int index, SampleColumns into) -> {};
        }

        @Override
        public List<String> warnings() {
            return List.of("agent a1 did not answer");
        }

        @Override
        public void close() {}
    }

    @Test
    void errorsOfTheSourceAreHandedOn() {
        SeriesSource broken =
                _ -> {
                    throw new IOException("bucket is away");
                };
        assertThatThrownBy(() ->
                        new PromQlEngine(EngineConfig.DEFAULT)
                                .instant(broken, "m", 0, QueryOptions.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessage("bucket is away");
    }
}
