package dev.muster.promql;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Range queries over counters in memory: 6 h at 15 s, 360 steps of a minute.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class PromQlEngineBenchmark {
    private static final int SAMPLES = 4 * 60 * 6;
    private static final Steps STEPS = new Steps(0, 6 * 3_600_000L, 60_000);

    @Param({"1000", "10000"})
    int series;

    @Param({
        "sum by (job) (rate(m_total[5m]))",
        "m_total",
        "max_over_time(m_total[30m])",
        "topk(5, rate(m_total[5m]))",
        "rate(m_total[5m]) / on (i) m_total"
    })
    String query = "";

    private final PromQlEngine engine = new PromQlEngine(EngineConfig.DEFAULT);
    private SeriesSource source = SeriesSource.empty();

    @Setup
    public void setUp() {
        long[] times = new long[SAMPLES];
        double[] values = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            times[i] = i * 15_000L;
            values[i] = i * 7 % 5_000;
        }
        List<Labels> labels = new ArrayList<>();
        for (int i = 0; i < series; i++) {
            labels.add(Labels.of(Labels.METRIC, "m_total", "job", "j" + i % 10, "i", "" + i));
        }
        labels.sort(null);
        source = request -> new ColumnSet(request, labels, times, values);
    }

    @Benchmark
    public QueryResult range() throws QueryException, IOException {
        return engine.range(source, query, STEPS, QueryOptions.DEFAULT);
    }

    /// Series that share their columns.
    private static final class ColumnSet implements SeriesSet {
        private final List<Labels> labels;
        private final long[] times;
        private final double[] values;
        private final int from;
        private final int to;

        ColumnSet(SelectRequest request, List<Labels> labels, long[] times, double[] values) {
            boolean matches = LabelMatcher.all(request.matchers(), labels.getFirst());
            this.labels = matches ? labels : List.of();
            this.times = times;
            this.values = values;
            int first = Arrays.binarySearch(times, request.range().startMs());
            int last = Arrays.binarySearch(times, request.range().endMs());
            from = first < 0 ? -first - 1 : first;
            to = last < 0 ? -last - 1 : last;
        }

        @Override
        public int size() {
            return labels.size();
        }

        @Override
        public Labels labels(int index) {
            return labels.get(index);
        }

        @Override
        public SampleReader reader() {
            return this::read;
        }

        private void read(int index, SampleColumns into) {
            int count = to - from;
            int size = into.size();
            into.reserve(count);
            System.arraycopy(times, from, into.timestampsMs(), size, count);
            System.arraycopy(values, from, into.values(), size, count);
            into.resize(size + count);
        }

        @Override
        public void close() {}
    }
}
