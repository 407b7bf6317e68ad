package dev.muster.head;

import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Opens a head whose log holds 2 h of 3,000 series at 1 s, without any checkpoint. The first,
/// cold, open is what a start costs.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 0)
@Measurement(iterations = 3)
public class ReplayBenchmark {
    private static final int TICKS = 7_200;
    private static final int ORIGINS = 3;
    private static final int SERIES = 1_000;
    private static final long START_MS = 1_700_000_000_000L / 7_200_000 * 7_200_000;

    private final ManualClock clock = new ManualClock(START_MS);
    private Path original = Path.of("");
    private Path copy = Path.of("");

    @Setup
    public void write() throws IOException {
        original = Files.createTempDirectory("replay-benchmark");
        double[][] rows = new double[64][SERIES];
        AppendBenchmark.fill(rows);
        HeadConfig config = HeadConfig.in(original).withCheckpointInterval(Duration.ofDays(1));
        Head head = Head.open(config, clock);
        SampleAppender[] appenders = new SampleAppender[ORIGINS];
        for (int i = 0; i < ORIGINS; i++) {
            appenders[i] = head.appender("origin" + i);
            for (int k = 0; k < SERIES; k++) {
                appenders[i].series(AppendBenchmark.labels(i, k), MetricMetadata.NONE);
            }
        }
        for (int tick = 0; tick < TICKS; tick++) {
            for (SampleAppender appender : appenders) {
                appender.begin(clock.millis());
                for (int k = 0; k < SERIES; k++) {
                    appender.append(k, rows[tick % 64][k]);
                }
                appender.commit();
            }
            clock.advance(1_000);
        }
        System.out.println("stats=" + head.stats());
        head.abandon();
    }

    @Setup(Level.Invocation)
    public void copy() throws IOException {
        copy = HeadFiles.copy(original, Files.createTempDirectory("replay-copy"));
    }

    @Benchmark
    public long open() throws IOException {
        Head head = Head.open(HeadConfig.in(copy), clock);
        long replayed = head.stats().replayedSamples();
        head.abandon();
        return replayed;
    }

    @TearDown(Level.Invocation)
    public void deleteCopy() throws IOException {
        HeadFiles.delete(copy);
    }

    @TearDown
    public void delete() throws IOException {
        HeadFiles.delete(original);
    }
}
