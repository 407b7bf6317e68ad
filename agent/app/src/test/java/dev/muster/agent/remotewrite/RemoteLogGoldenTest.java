package dev.muster.agent.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.intake.IntakeRig;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SampleAppender;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logs of samples to send that earlier versions wrote stay readable. A file of the present version
/// is written by `-Dmuster.golden=FILE`.
class RemoteLogGoldenTest {
    private static final String SEGMENT = "00000001.samples";
    private static final long NOW_MS = IntakeRig.NOW_MS;

    @TempDir Path directory;

    private void write(Path log) throws IOException {
        MetricMetadata counter = new MetricMetadata(MetricType.COUNTER, "seconds", "Wörk.");
        NativeHistogram histogram =
                NativeHistogram.exponential(
                        3,
                        CounterReset.UNKNOWN,
                        1e-6,
                        1,
                        9,
                        12.5,
                        Buckets.of(new int[] {-3, -2, 5}, new double[] {1, 2, 3}),
                        Buckets.of(new int[] {7}, new double[] {2}));
        try (IntakeRig rig = new IntakeRig(directory.resolve("head"))) {
            SampleLog samples = new SampleLog(log, 1 << 20);
            try (SampleAppender out = new RemoteTap(samples).tapped(rig.head.appender("golden"))) {
                out.begin(NOW_MS);
                int one = out.series(Labels.of("__name__", "a_total", "l", "é"), counter);
                out.start(one, NOW_MS - 60_000);
                out.append(one, 1.5);
                out.exemplar(one, new Exemplar(Labels.of("trace_id", "x1"), 5, NOW_MS));
                out.append(out.series(Labels.of("__name__", "h"), MetricMetadata.NONE), histogram);
                out.commit();
                out.begin(NOW_MS + 1_000);
                out.append(one, NOW_MS + 500, Double.NEGATIVE_INFINITY);
                out.append(one, Staleness.STALE);
                out.commit();
            } finally {
                samples.close();
            }
        }
    }

    private static List<String> read(Path log) throws IOException {
        Lines lines = new Lines();
        SampleLog samples = new SampleLog(log, 1 << 20);
        try (LogReader reader = new LogReader(samples, Cursor.at(1), lines)) {
            while (reader.next()) {
                // the lines are taken down as they come
            }
            assertThat(reader.takeDamaged()).isZero();
        } finally {
            samples.close();
        }
        return lines.all;
    }

    /// What is read, a line each.
    private static final class Lines implements LogReader.Target {
        final List<String> all = new ArrayList<>();
        private byte[] record = new byte[0];

        @Override
        public void segment() {}

        @Override
        public void record(byte[] bytes) {
            record = bytes;
        }

        @Override
        public void series(int reference, Labels labels, MetricMetadata metadata) {
            all.add("series " + reference + " " + labels + " " + metadata);
        }

        @Override
        public void sample(int reference, long timestampMs, double value) {
            long bits = Double.doubleToRawLongBits(value);
            all.add("sample " + reference + " " + timestampMs + " " + Long.toHexString(bits));
        }

        @Override
        public void histogram(int reference, long timestampMs, int from, int to) {
            byte[] message = Arrays.copyOfRange(record, from, to);
            all.add(
                    "histogram "
                            + reference
                            + " "
                            + timestampMs
                            + " "
                            + HexFormat.of().formatHex(message));
        }

        @Override
        public void exemplar(int reference, Exemplar exemplar) {
            all.add("exemplar " + reference + " " + exemplar);
        }

        @Override
        public void start(int reference, long startMs) {
            all.add("start " + reference + " " + startMs);
        }
    }

    @Test
    void readsFilesOfEarlierVersions() throws Exception {
        Path written = directory.resolve("written");
        write(written);
        String target = System.getProperty("muster.golden", "");
        if (!target.isEmpty()) {
            Files.copy(written.resolve(SEGMENT), Path.of(target));
        }
        Path golden = Files.createDirectories(directory.resolve("golden"));
        try (InputStream in = getClass().getResourceAsStream("/golden/remote-write-log-1.bin")) {
            Files.write(golden.resolve(SEGMENT), Objects.requireNonNull(in).readAllBytes());
        }
        List<String> expected = read(written);
        assertThat(expected).hasSize(9);
        assertThat(expected.getFirst())
                .startsWith("series 1 a_total{l=\"é\"}")
                .contains("COUNTER", "seconds", "Wörk.");
        assertThat(read(golden)).isEqualTo(expected);
    }
}
