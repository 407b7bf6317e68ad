package dev.muster.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.time.TimeRange;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed with SIGKILL while it commits, seals and writes checkpoints.
class HeadKillTest {
    private static final long START_MS = 1_700_000_000_000L;
    private static final TimeRange ALL = new TimeRange(0, 2 * START_MS);
    private static final Labels SERIES = Labels.of("__name__", "m");
    private static final Labels HISTOGRAM = Labels.of("__name__", "h");

    private static NativeHistogram histogram(long tick) {
        Buckets buckets = Buckets.of(new int[] {3, (int) (7 + tick / 50)}, new double[] {1, tick});
        return NativeHistogram.exponential(
                0, CounterReset.UNKNOWN, 0, 0, tick + 1, tick * 0.5, buckets, Buckets.NONE);
    }

    private static Exemplar exemplar(long tick) {
        return new Exemplar(Labels.of("trace_id", "t" + tick), tick, START_MS + tick);
    }

    /// The process: commits one tick after the other and says each time that it has.
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            Head head = Head.open(config(Path.of(arguments[0])), new ManualClock(START_MS));
            SampleAppender appender = head.appender("target");
            for (long tick = Long.parseLong(arguments[1]); ; tick++) {
                appender.begin(START_MS + tick);
                appender.append(appender.series(SERIES, MetricMetadata.NONE), tick);
                int histogram = appender.series(HISTOGRAM, MetricMetadata.NONE);
                appender.append(histogram, histogram(tick));
                appender.exemplar(histogram, exemplar(tick));
                appender.commit();
                System.out.println(tick);
                if (tick % 100 == 99) {
                    head.checkpoint();
                }
            }
        }
    }

    private static HeadConfig config(Path directory) {
        return HeadConfig.in(directory)
                .withWalSegmentBytes(4096)
                .withOpenBytesLimit(1)
                .withExemplarLimit(100)
                .withMaxAhead(Duration.ofDays(1));
    }

    @Test
    void everyAcknowledgedCommitIsThere(@TempDir Path directory) throws Exception {
        Random random = new Random();
        long next = 0;
        for (int round = 0; round < 4; round++) {
            long acknowledged = runAndKill(directory, next, 50 + random.nextInt(1_000));
            ManualClock clock = new ManualClock(START_MS);
            try (Head head = Head.open(config(directory), clock)) {
                HeadStats stats = head.stats();
                assertThat(stats.walDamagedBytes()).isZero();
                assertThat(stats.walLostCommits()).isZero();
                TreeMap<Long, Long> samples =
                        Samples.read(head, ALL).getOrDefault(SERIES, new TreeMap<>());
                assertThat(samples.lastKey()).isGreaterThanOrEqualTo(START_MS + acknowledged);
                assertThat(samples).hasSize((int) (samples.lastKey() - START_MS) + 1);
                next = samples.lastKey() - START_MS + 1;
                checkSide(head, next);
                head.abandon();
            }
        }
    }

    /// Histograms of all ticks are there, and the newest exemplars.
    private static void checkSide(Head head, long ticks) throws IOException {
        TreeMap<Long, Samples.Point> points =
                Samples.points(head, ALL).getOrDefault(HISTOGRAM, new TreeMap<>());
        assertThat(points).hasSize((int) ticks);
        points.forEach((timeMs, point) ->
                assertThat(point.histogram()).isEqualTo(histogram(timeMs - START_MS)));
        List<Exemplar> exemplars = head.exemplars(ALL, List.of(List.of())).getFirst().exemplars();
        assertThat(exemplars).hasSize((int) Math.min(ticks, 100));
        for (int i = 0; i < exemplars.size(); i++) {
            assertThat(exemplars.get(i)).isEqualTo(exemplar(ticks - exemplars.size() + i));
        }
    }

    /// @return the last tick that the process has acknowledged
    private static long runAndKill(Path directory, long first, int ticks) throws Exception {
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx64m",
                                "-cp",
                                classPath,
                                Writer.class.getName(),
                                directory.toString(),
                                Long.toString(first))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        long last = -1;
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            while (line != null) {
                last = Math.max(last, Long.parseLong(line));
                if (last >= first + ticks) {
                    process.destroyForcibly();
                }
                line = output.readLine();
            }
        } catch (IOException e) {
            assertThat(e).hasMessage("Stream closed");
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(last).isGreaterThanOrEqualTo(first + ticks);
        return last;
    }
}
