package dev.muster.model.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameStreamTest {
    private static final SelectRequest EVERYTHING =
            SelectRequest.of(new TimeRange(0, Long.MAX_VALUE), List.of());

    @Test
    void everySampleComesBackBitForBit() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        ListedSeriesSet set = randomSet(new Random(seed), 300);

        FrameSeriesSet read = roundTrip(set);

        assertThat(read.size()).as("seed=%d", seed).isEqualTo(set.size());
        for (int i = 0; i < set.size(); i++) {
            assertThat(read.labels(i)).isEqualTo(set.labels(i));
            assertThat(read.metadata(i)).isEqualTo(set.metadata(i));
            assertThat(bits(read, i)).as("seed=%d series=%d", seed, i).isEqualTo(bits(set, i));
        }
    }

    @Test
    void aLongSeriesIsCutIntoPieces() throws IOException {
        ListedSeriesSet set = new ListedSeriesSet();
        SampleColumns columns = set.add(Labels.of("__name__", "long"), MetricMetadata.NONE);
        for (int i = 0; i < 3 * Frames.SAMPLES_PER_PIECE + 1; i++) {
            columns.append(1_000L * i, Math.sin(i));
        }

        assertThat(bits(roundTrip(set), 0)).isEqualTo(bits(set, 0));
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
        byte[] whole = encode(randomSet(new Random(1), 5));
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> decode(cut, ReadBudget.UNLIMITED))
                    .as("length=%d", length)
                    .isInstanceOf(FrameFormatException.class);
        }
    }

    @Test
    void aFlippedBitIsNoticedEverywhere() throws IOException {
        byte[] whole = encode(randomSet(new Random(2), 5));
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

    private static long[] bits(SeriesSet set, int index) throws IOException {
        SampleColumns columns = new SampleColumns();
        set.reader().read(index, columns);
        long[] bits = new long[2 * columns.size()];
        for (int i = 0; i < columns.size(); i++) {
            bits[2 * i] = columns.timestampsMs()[i];
            bits[2 * i + 1] = Double.doubleToRawLongBits(columns.values()[i]);
        }
        return bits;
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
