package dev.muster.head;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Selects from 2 h of 3,000 series at 1 s: 600 series over all the time, and 1 metric of each
/// origin over the last minute.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 2)
public class SelectBenchmark {
    private static final long START_MS = 1_700_000_000_000L / 7_200_000 * 7_200_000;

    private final ManualClock clock = new ManualClock(START_MS);
    private final SampleColumns columns = new SampleColumns(10_000);
    private Path directory = Path.of("");
    private @Nullable Head head;

    @Setup
    public void write() throws IOException {
        directory = Files.createTempDirectory("select-benchmark");
        double[][] rows = new double[64][1_000];
        AppendBenchmark.fill(rows);
        head = Head.open(HeadConfig.in(directory), clock);
        for (int i = 0; i < 3; i++) {
            SampleAppender appender = head.appender("origin" + i);
            for (int k = 0; k < 1_000; k++) {
                appender.series(AppendBenchmark.labels(i, k), MetricMetadata.NONE);
            }
            clock.set(START_MS);
            for (int tick = 0; tick < 7_100; tick++) {
                appender.begin(clock.millis());
                for (int k = 0; k < 1_000; k++) {
                    appender.append(k, rows[tick % 64][k]);
                }
                appender.commit();
                clock.advance(1_000);
            }
        }
    }

    private long read(SelectRequest request) throws IOException {
        long samples = 0;
        if (head != null) {
            try (SeriesSet set = head.select(request)) {
                SampleReader reader = set.reader();
                for (int i = 0; i < set.size(); i++) {
                    columns.clear();
                    reader.read(i, columns);
                    samples += columns.size();
                }
            }
        }
        return samples;
    }

    /// 4.26 M samples.
    @Benchmark
    public long allOf600Series() throws IOException {
        return read(
                SelectRequest.of(
                        new TimeRange(START_MS, START_MS + 7_200_000),
                        List.of(LabelMatcher.equal("path", "/api/v1/1"))));
    }

    @Benchmark
    public long lastMinuteOfOneMetric() throws IOException {
        return read(
                SelectRequest.of(
                        new TimeRange(clock.millis() - 60_000, clock.millis()),
                        List.of(LabelMatcher.equal("__name__", "metric_7_total"))));
    }

    @TearDown
    public void close() throws IOException {
        if (head != null) {
            head.close();
        }
        HeadFiles.delete(directory);
    }
}
