package dev.muster.model.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameStreamTest {
    private static final SelectRequest EVERYTHING =
            SelectRequest.of(new TimeRange(0, Long.MAX_VALUE), List.of());

    @Test
    void everySampleComesBackBitForBit() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        ListedSeriesSet set = randomSet(new Random(seed), 300);

        FrameSeriesSet read = roundTrip(set);

        assertSame(read, set, seed);
    }

    @Test
    void histogramsAndStartTimesComeBackBitForBit() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        ListedSeriesSet set = richSet(new Random(seed), 300);

        assertSame(roundTrip(set), set, seed);
    }

    @Test
    void whatIsInAFileIsReadAsWhatIsInMemory(@TempDir Path directory) throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        ListedSeriesSet set = richSet(new Random(seed), 300);
        FrameSpace space = new FrameSpace(directory, 200_000, 100 << 20);
        try (FrameStore store = space.open()) {
            InputStream in = new ByteArrayInputStream(encode(set));
            FrameSeriesSet read = FrameSeriesSet.read(in, EVERYTHING, store);

            assertThat(space.diskBytes()).isPositive();
            assertSame(read, set, seed);
        }
        assertThat(space.diskBytes()).isZero();
        assertThat(space.memoryBytes()).isZero();
    }

    @Test
    void labelsThatDoNotFitInMemoryAreRefused(@TempDir Path directory) throws IOException {
        byte[] bytes = encode(randomSet(new Random(5), 300));
        FrameSpace space = new FrameSpace(directory, 20_000, 100 << 20);
        try (FrameStore store = space.open()) {
            assertThatThrownBy(() ->
                            FrameSeriesSet.read(new ByteArrayInputStream(bytes), EVERYTHING, store))
                    .isInstanceOf(BudgetExceededException.class)
                    .hasMessage(
                            "answers of agents must not take more memory than all queries may have"
                                    + " together: limitBytes=20000");
        }
        assertThat(space.refused()).isOne();
        assertThat(space.memoryBytes()).isZero();
    }

    @Test
    void numbersWithoutStartTimesAreAsReadersOfOldKnowThem() throws IOException {
        assertThat(frameTypes(encode(randomSet(new Random(4), 50))))
                .containsOnly(Frames.SYMBOLS, Frames.SERIES, Frames.SAMPLES, Frames.END);
    }

    @Test
    void whatReadersOfOldDoNotKnowHasATypeTheyRefuse() throws IOException {
        assertThat(frameTypes(encode(richSet(new Random(4), 50)))).contains(Frames.MORE_SAMPLES);

        byte[] later = encode(new ListedSeriesSet());
        later[4] = 7;
        ByteBuffer.wrap(later)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(9, SealedFrames.checksum(7, new byte[2], 2));
        assertThatThrownBy(() -> decode(later, ReadBudget.UNLIMITED))
                .hasMessage("frame stream offsetBytes=15: frame type must be 1 to 6: found=7");
    }

    @Test
    void manyLargeHistogramsAreCutIntoPiecesThatFitAFrame() throws IOException {
        ListedSeriesSet set = new ListedSeriesSet();
        SampleColumns columns = set.add(Labels.of("__name__", "wide"), MetricMetadata.NONE);
        Random random = new Random(5);
        int[] indexes = IntStream.range(0, 3_000).toArray();
        for (int i = 0; i < 700; i++) {
            double[] counts = random.doubles(indexes.length).toArray();
            Buckets buckets = Buckets.of(indexes, counts);
            columns.append(
                    i,
                    NativeHistogram.exponential(
                            8, CounterReset.GAUGE, 0, 0, 1, 1, buckets, Buckets.NONE));
        }

        assertThat(samples(roundTrip(set), 0)).isEqualTo(samples(set, 0));
    }

    @Test
    void aHistogramThatGrowsSteadilyCostsSomeBytes() throws IOException {
        ListedSeriesSet set = new ListedSeriesSet();
        SampleColumns columns = set.add(Labels.of("__name__", "h"), MetricMetadata.NONE);
        int[] indexes = IntStream.range(-20, 20).toArray();
        double[] counts = new double[indexes.length];
        for (int i = 0; i < 1_000; i++) {
            counts[i % 7]++;
            counts[20]++;
            columns.append(
                    1_000L * i,
                    NativeHistogram.exponential(
                            3,
                            CounterReset.NOT_RESET,
                            0,
                            0,
                            2 * i,
                            0.25 * i,
                            Buckets.of(indexes, counts),
                            Buckets.NONE));
            columns.setStart(i, 77);
        }

        assertThat(encode(set)).hasSizeLessThan(18_000);
    }

    @Test
    void theBudgetIsChargedForTheBucketsOfHistograms() throws IOException {
        ListedSeriesSet set = richSet(new Random(3), 5);
        long[] charged = new long[1];
        SelectRequest request = EVERYTHING.withBudget(new SampleBudget(charged));
        FrameSeriesSet read = FrameSeriesSet.read(new ByteArrayInputStream(encode(set)), request);

        long expected = 0;
        for (int i = 0; i < read.size(); i++) {
            SampleColumns columns = new SampleColumns();
            read.reader().read(i, columns);
            for (int at = 0; at < columns.size(); at++) {
                NativeHistogram histogram = columns.histogram(at);
                expected += 1 + (histogram == null ? 0 : histogram.weightInSamples());
            }
        }
        assertThat(charged[0]).isEqualTo(expected);
    }

    @Test
    void aDamagedPieceIsRefusedOrReadButNeverBreaksTheReader() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        ByteSink out = new ByteSink();
        ListedSeriesSet set = richSet(random, 1);
        SampleColumns columns = new SampleColumns();
        set.reader().read(0, columns);
        MoreColumns.encode(columns, 0, columns.size(), out);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = Arrays.copyOf(out.array(), out.size());
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            ByteSource in = new ByteSource(damaged, 0, damaged.length - random.nextInt(2));
            try {
                MoreColumns.decode(in, columns.size(), new SampleColumns(), ReadBudget.UNLIMITED);
            } catch (FrameFormatException e) {
                assertThat(e).as("seed=%d", seed).hasMessageStartingWith("frame positionBytes=");
            }
        }
    }

    private static void assertSame(SeriesSet read, SeriesSet set, long seed) throws IOException {
        assertThat(read.size()).as("seed=%d", seed).isEqualTo(set.size());
        for (int i = 0; i < set.size(); i++) {
            assertThat(read.labels(i)).isEqualTo(set.labels(i));
            assertThat(read.metadata(i)).isEqualTo(set.metadata(i));
            assertThat(samples(read, i))
                    .as("seed=%d series=%d", seed, i)
                    .isEqualTo(samples(set, i));
        }
    }

    private static List<Integer> frameTypes(byte[] stream) {
        List<Integer> types = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 4;
                at < stream.length;
                at += SealedFrames.HEADER_BYTES + bytes.getInt(at + 1)) {
            types.add((int) bytes.get(at));
        }
        return types;
    }

    @Test
    void aLongSeriesIsCutIntoPieces() throws IOException {
        ListedSeriesSet set = new ListedSeriesSet();
        SampleColumns columns = set.add(Labels.of("__name__", "long"), MetricMetadata.NONE);
        for (int i = 0; i < 3 * Frames.SAMPLES_PER_PIECE + 1; i++) {
            columns.append(1_000L * i, Math.sin(i));
        }

        assertThat(samples(roundTrip(set), 0)).isEqualTo(samples(set, 0));
    }

    @Test
    void aSteadyConstantSeriesCostsAlmostNothing() throws IOException {
        ListedSeriesSet set = new ListedSeriesSet();
        SampleColumns columns = set.add(Labels.of("__name__", "up"), MetricMetadata.NONE);
        for (int i = 0; i < 10_000; i++) {
            columns.append(1_000L * i, 1);
        }

        assertThat(encode(set)).hasSizeLessThan(100);
    }

    @Test
    void warningsTravel() throws IOException {
        ListedSeriesSet set = new ListedSeriesSet();
        set.warn("agent host=a2 did not answer");

        assertThat(roundTrip(set).warnings()).containsExactly("agent host=a2 did not answer");
    }

    @Test
    void aCutStreamIsNoticedAtEveryByte() throws IOException {
        byte[] whole = encode(richSet(new Random(1), 5));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> decode(cut, ReadBudget.UNLIMITED))
                    .as("length=%d", length)
                    .isInstanceOf(FrameFormatException.class);
        }
    }

    @Test
    void aFlippedBitIsNoticedEverywhere() throws IOException {
        byte[] whole = encode(richSet(new Random(2), 5));
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> decode(damaged, ReadBudget.UNLIMITED))
                    .as("bit=%d", bit)
                    .isInstanceOf(FrameFormatException.class);
        }
    }

    @Test
    void aHugeLengthIsRefusedBeforeItIsRead() {
        byte[] bytes = {'M', 'S', 'F', '1', 3, 0, 0, 0, 0x7f, 0, 0, 0, 0};

        assertThatThrownBy(() -> decode(bytes, ReadBudget.UNLIMITED))
                .hasMessage(
                        "frame stream offsetBytes=13: frame must have at most 16777216 bytes:"
                                + " found=2130706432");
    }

    @Test
    void theBudgetStopsTheStream() throws IOException {
        byte[] whole = encode(randomSet(new Random(3), 50));

        assertThatThrownBy(() -> decode(whole, new SeriesBudget(10)))
                .isInstanceOf(BudgetExceededException.class);
    }

    private static ListedSeriesSet randomSet(Random random, int count) {
        double[] pool = {
            0, -0.0, 1, 1.5, Double.NaN, Staleness.STALE, Double.POSITIVE_INFINITY, Double.MIN_VALUE
        };
        ListedSeriesSet set = new ListedSeriesSet();
        for (int i = 0; i < count; i++) {
            MetricMetadata metadata =
                    new MetricMetadata(MetricType.COUNTER, "seconds", "help " + i % 3);
            SampleColumns columns =
                    set.add(Labels.of("__name__", "m", "i", String.format("%05d", i)), metadata);
            long time = random.nextLong(-1_000_000, 1_000_000);
            for (int n = random.nextInt(200); n > 0; n--) {
                time += random.nextInt(4) == 0 ? 1 + random.nextInt(5_000) : 1_000;
                double value =
                        random.nextBoolean()
                                ? pool[random.nextInt(pool.length)]
                                : random.nextDouble() * 1e6;
                columns.append(time, value);
            }
        }
        return set;
    }

    /// Numbers, histograms, both, each with or without start times.
    private static ListedSeriesSet richSet(Random random, int count) {
        ListedSeriesSet set = new ListedSeriesSet();
        for (int i = 0; i < count; i++) {
            SampleColumns columns =
                    set.add(
                            Labels.of("__name__", "m", "i", String.format("%05d", i)),
                            MetricMetadata.NONE);
            RandomHistograms histograms = new RandomHistograms(random);
            int kind = i == 0 ? 3 : random.nextInt(4);
            for (int n = i == 0 ? 20 : random.nextInt(60); n > 0; n--) {
                if (kind == 0 || (kind == 3 && random.nextInt(4) == 0)) {
                    columns.append(10L * columns.size(), random.nextGaussian());
                } else {
                    columns.append(10L * columns.size(), histograms.next());
                }
                if (kind > 1 && random.nextInt(5) > 0) {
                    columns.setStart(columns.size() - 1, random.nextInt(4) * 1_000L);
                }
            }
        }
        return set;
    }

    private static FrameSeriesSet roundTrip(ListedSeriesSet set) throws IOException {
        return decode(encode(set), ReadBudget.UNLIMITED);
    }

    private static byte[] encode(ListedSeriesSet set) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FrameWriter.write(set, true, out);
        return out.toByteArray();
    }

    private static FrameSeriesSet decode(byte[] bytes, ReadBudget budget) throws IOException {
        return FrameSeriesSet.read(new ByteArrayInputStream(bytes), EVERYTHING.withBudget(budget));
    }

    private record Sample(
            long timeMs, long bits, long startMs, @Nullable NativeHistogram histogram) {}

    private static List<Sample> samples(SeriesSet set, int index) throws IOException {
        SampleColumns columns = new SampleColumns();
        set.reader().read(index, columns);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            samples.add(
                    new Sample(
                            columns.timestampsMs()[i],
                            Double.doubleToRawLongBits(columns.values()[i]),
                            columns.startMs(i),
                            columns.histogram(i)));
        }
        return samples;
    }

    private record SampleBudget(long[] charged) implements ReadBudget {
        @Override
        public void chargeSeries(int count) {}

        @Override
        public void chargeSamples(int count) {
            charged[0] += count;
        }

        @Override
        public void chargeFetchedBytes(long bytes) {}

        @Override
        public void check() {}
    }

    private record SeriesBudget(int limit) implements ReadBudget {
        @Override
        public void chargeSeries(int count) {
            if (count > limit) {
                throw new BudgetExceededException("series", "series=" + count + ", limit=" + limit);
            }
        }

        @Override
        public void chargeSamples(int count) {}

        @Override
        public void chargeFetchedBytes(long bytes) {}

        @Override
        public void check() {}
    }
}
