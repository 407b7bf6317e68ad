package dev.muster.promql.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.model.frame.FrameFormatException;
import dev.muster.model.frame.SealedFrames;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.time.Steps;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartStreamTest {
    private static final long SEED = Long.getLong("seed", 7);
    private static final int STEPS = 130;

    /// Everything that came, as text.
    private static final class Texts implements PartSink {
        private final List<String> all = new ArrayList<>();

        @Override
        public void series(PartSeries series) {
            StringBuilder text = new StringBuilder();
            text.append(series.labels()).append(series.first()).append(series.dropName());
            for (int step = 0; step < series.steps(); step++) {
                if (series.has(step)) {
                    for (int c = 0; c < series.columns(); c++) {
                        text.append(' ').append(Double.doubleToRawLongBits(series.column(c)[step]));
                    }
                }
                text.append(series.histogram(step) == null ? "" : series.histogram(step))
                        .append(';');
            }
            all.add(text.toString());
        }

        @Override
        public void remark(PartRemark remark) {
            all.add(remark.toString());
        }

        @Override
        public void completeness(Completeness part) {
            all.add(part.toString());
        }

        @Override
        public void spent(long series, long samples) {
            all.add(series + "/" + samples);
        }
    }

    private static PartQuery query(int steps) {
        return new PartQuery(
                "sum by (job) (rate(http_requests_total{code=~\"5..\"}[5m]))",
                new Steps(1_000, 1_000 + (steps - 1) * 15_000L, 15_000),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                false,
                Duration.ofSeconds(30));
    }

    private static PartHistogram histogram(Random random) {
        double[] counts = new double[random.nextInt(1, 6)];
        int[] indexes = new int[counts.length];
        for (int i = 0; i < counts.length; i++) {
            indexes[i] = 3 * i - 4;
            counts[i] = random.nextBoolean() ? random.nextInt(100) : random.nextDouble();
        }
        Buckets buckets = Buckets.of(indexes, counts);
        CounterReset reset = CounterReset.values()[random.nextInt(4)];
        NativeHistogram histogram =
                NativeHistogram.exponential(
                        random.nextInt(4), reset, 0.5, 2, 17, 3.5, buckets, Buckets.NONE);
        return new PartHistogram(
                histogram,
                random.nextLong(1, 1_000_000),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean());
    }

    private static void write(Random random, PartSink sink) throws IOException {
        PartSeries series = new PartSeries(STEPS, 1 + random.nextInt(5));
        for (int i = 0; i < 20; i++) {
            Labels labels = Labels.of("job", "j" + i, "zone", "z" + i % 3);
            Labels first = i % 2 == 0 ? labels : Labels.of("__name__", "up", "job", "j" + i);
            series.begin(labels, first, random.nextBoolean());
            int density = random.nextInt(1, 5);
            for (int step = 0; step < STEPS; step++) {
                if (i % 5 != 0 && random.nextInt(density) == 0) {
                    series.mark(step);
                    for (int c = 0; c < series.columns(); c++) {
                        series.column(c)[step] =
                                random.nextInt(3) == 0 ? Double.NaN : random.nextInt(7) / 4.0;
                    }
                }
                if (i % 7 == 3 && random.nextInt(4) == 0) {
                    series.histogram(step, histogram(random));
                }
            }
            sink.series(series);
        }
        sink.remark(new PartRemark(PartRemark.Level.INFO, "histograms, ä€", 3, 9));
        sink.remark(PartRemark.storage("block 7 is damaged"));
        sink.spent(20, 1L << 40);
    }

    private static byte[] bytes(long seed) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PartWriter writer = new PartWriter(out);
        write(new Random(seed), writer);
        writer.end();
        return out.toByteArray();
    }

    private static List<String> read(byte[] bytes) throws IOException {
        Texts texts = new Texts();
        PartReader.read(new ByteArrayInputStream(bytes), query(STEPS), texts, ReadBudget.UNLIMITED);
        return texts.all;
    }

    @Test
    void howWholeThePartWasComesThrough() throws IOException {
        var out = new java.io.ByteArrayOutputStream();
        PartWriter writer = new PartWriter(out);
        writer.completeness(new Completeness(7_200_000, 3_600_001));
        writer.end();
        Texts read = new Texts();
        PartReader.read(
                new java.io.ByteArrayInputStream(out.toByteArray()),
                query(STEPS),
                read,
                dev.muster.model.series.ReadBudget.UNLIMITED);
        assertThat(read.all).containsExactly("Completeness[expectedMs=7200000, missingMs=3600001]");
    }

    @Test
    void readsWhatWasWritten() throws IOException {
        for (long seed = SEED; seed < SEED + 50; seed++) {
            Texts expected = new Texts();
            write(new Random(seed), expected);
            assertThat(read(bytes(seed))).as("seed=%s", seed).isEqualTo(expected.all);
        }
    }

    @Test
    void readsTheGoldenStreamAndWritesTheSame() throws IOException {
        Path file = Path.of("src/test/resources/golden/part-stream-1.bin");
        byte[] now = bytes(42);
        if (Boolean.getBoolean("muster.golden.write")) {
            Files.write(file, now);
        }
        byte[] golden = Files.readAllBytes(file);
        assertThat(now).isEqualTo(golden);
        assertThat(read(golden)).isEqualTo(read(now));
    }

    @Test
    void carriesAFailureInPlaceOfAnEnd() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PartWriter writer = new PartWriter(out);
        writer.fail(PartException.Kind.LIMIT, "query must not use more series: limit=3");
        assertThatExceptionOfType(PartException.class)
                .isThrownBy(() -> read(out.toByteArray()))
                .withMessage("query must not use more series: limit=3")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(PartException.Kind.LIMIT));
    }

    @Test
    void refusesEveryStreamThatIsCutOrFlipped() throws IOException {
        byte[] whole = bytes(SEED);
        for (int length = 0; length < whole.length; length += 1 + length / 50) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(FrameFormatException.class).isThrownBy(() -> read(cut));
        }
        Random random = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            byte[] flipped = whole.clone();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatExceptionOfType(FrameFormatException.class).isThrownBy(() -> read(flipped));
        }
    }

    /// Damage that the checksum does not see must be refused or read as something else, never more.
    @Test
    void survivesDamageUnderAGoodChecksum() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = bytes(SEED + i % 5);
            int times = random.nextInt(1, 4);
            for (int k = 0; k < times; k++) {
                damaged[random.nextInt(4, damaged.length)] = (byte) random.nextInt(256);
            }
            seal(damaged);
            try {
                read(damaged);
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    /// Puts right checksums into all frames, as far as their lengths can be followed.
    private static void seal(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = 4;
        while (at + SealedFrames.HEADER_BYTES <= bytes.length) {
            int length = buffer.getInt(at + 1);
            if (length < 0 || length > bytes.length - at - SealedFrames.HEADER_BYTES) {
                return;
            }
            byte[] payload = new byte[length];
            buffer.get(at + SealedFrames.HEADER_BYTES, payload);
            buffer.putInt(at + 5, SealedFrames.checksum(bytes[at] & 0xff, payload, length));
            at += SealedFrames.HEADER_BYTES + length;
        }
    }

    @Test
    void queriesReadBackAndRefuseDamage() throws IOException {
        byte[] bytes = PartQueryCodec.encode(query(STEPS));
        assertThat(PartQueryCodec.decode(bytes)).isEqualTo(query(STEPS));
        for (int i = 0; i < 8 * bytes.length; i++) {
            byte[] flipped = bytes.clone();
            flipped[i / 8] ^= (byte) (1 << i % 8);
            assertThatExceptionOfType(FrameFormatException.class)
                    .isThrownBy(() -> PartQueryCodec.decode(flipped));
        }
    }
}
