package dev.muster.head;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Appends one tick of 100 origins with 1,000 series each: 60 % of them constant, 20 % counters, 10
/// % gauges of one decimal, 10 % noise. One operation is one sample, the log included.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class AppendBenchmark {
    private static final int ORIGINS = 100;
    private static final int SERIES = 1_000;
    private static final int ROWS = 64;

    private final ManualClock clock = new ManualClock(1_700_000_000_000L);
    private final double[][] rows = new double[ROWS][SERIES];
    private final SampleAppender[] appenders = new SampleAppender[ORIGINS];
    private Path directory = Path.of("");
    private @Nullable Head head;
    private int tick;

    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("append-benchmark");
        head = Head.open(HeadConfig.in(directory), clock);
        fill(rows);
        for (int i = 0; i < ORIGINS; i++) {
            appenders[i] = head.appender("origin" + i);
            for (int k = 0; k < SERIES; k++) {
                appenders[i].series(labels(i, k), MetricMetadata.NONE);
            }
        }
    }

    static Labels labels(int origin, int series) {
        return Labels.of(
                "__name__",
                "metric_" + series % 200 + "_total",
                "cell",
                "default",
                "host",
                "host-1",
                "instance",
                "10.0.0." + origin + ":9100",
                "job",
                "service",
                "path",
                "/api/v1/" + series / 200);
    }

    static void fill(double[][] rows) {
        Random random = new Random(1);
        for (int row = 0; row < rows.length; row++) {
            for (int k = 0; k < rows[row].length; k++) {
                rows[row][k] =
                        switch (k % 10) {
                            case 0, 1, 2, 3, 4, 5 -> k;
                            case 6, 7 ->
                                    row == 0 ? 1_000 + k : rows[row - 1][k] + random.nextInt(20);
                            case 8 -> random.nextInt(1_000) / 10.0;
                            default -> random.nextGaussian();
                        };
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(ORIGINS * SERIES)
    public void append() throws IOException {
        clock.advance(1_000);
        double[] row = rows[tick++ % ROWS];
        for (SampleAppender appender : appenders) {
            appender.begin(clock.millis());
            for (int k = 0; k < SERIES; k++) {
                appender.append(k, row[k]);
            }
            appender.commit();
        }
        if (tick % 600 == 0 && head != null) {
            head.checkpoint();
            for (TimeRange window : head.closedWindows()) {
                head.release(window);
            }
        }
    }

    @TearDown
    public void close() throws IOException {
        if (head != null) {
            HeadStats stats = head.stats();
            System.out.println(
                    "openBytesPerSeries="
                            + stats.openBytes() / (double) stats.series()
                            + " stats="
                            + stats);
            head.close();
        }
        HeadFiles.delete(directory);
    }
}
