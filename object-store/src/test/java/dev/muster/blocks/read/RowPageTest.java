package dev.muster.blocks.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.Looks;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.time.TimeRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.bytestreamsplit.ByteStreamSplitValuesWriter;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesReader;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What decodes pages, against the library's own encoders and decoders on random numbers.
class RowPageTest {
    private static final HeapByteBufferAllocator HEAP = HeapByteBufferAllocator.getInstance();
    private static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void unpacksDifferencesAsTheLibraryDoes(int number) throws Exception {
        long seed = Long.getLong("seed", number);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            long[] numbers = numbers(random);
            byte[] bytes = packed(numbers);

            assertThat(DeltaLongs.decode(bytes, bytes.length, numbers.length))
                    .as("seed=%d round=%d", seed, round)
                    .isEqualTo(library(bytes, numbers.length))
                    .isEqualTo(numbers);
        }
    }

    /// As a division of each number does, whether the interval is steady or not, before 1970 too.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void makesMillisecondsOfMicroseconds(int number) throws Exception {
        long seed = Long.getLong("seed", number);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            long[] numbers = round % 3 == 0 ? numbers(random) : micros(random, round % 3 == 1);
            byte[] bytes = packed(numbers);
            int first = 1 + random.nextInt(numbers.length);
            long[] millis = new long[numbers.length];

            DeltaLongs.decodeMillis(bytes, bytes.length, numbers.length, millis, first);

            assertThat(Arrays.copyOf(millis, first))
                    .as("seed=%d round=%d", seed, round)
                    .isEqualTo(
                            Arrays.stream(numbers, 0, first)
                                    .map(micros -> Math.floorDiv(micros, 1_000L))
                                    .toArray());
        }
    }

    /// Series after series at intervals of their own.
    private static long[] micros(Random random, boolean whole) {
        long[] micros = new long[1 + random.nextInt(2_000)];
        long time = 0;
        long step = 0;
        for (int i = 0, left = 0; i < micros.length; i++, left--) {
            if (left == 0) {
                left = 1 + random.nextInt(700);
                time = (random.nextInt(5) - 1) * 1_795_348_800_000_000L + random.nextInt(1_000_000);
                step = whole ? 1_000L * random.nextInt(100_000) : random.nextInt(100_000_000);
            }
            micros[i] = time;
            time += step;
        }
        return micros;
    }

    /// Each run has differences of some width, up to all 64 bits.
    private static long[] numbers(Random random) {
        long[] numbers = new long[1 + random.nextInt(1_000)];
        long value = random.nextLong();
        int left = 0;
        int width = 0;
        long step = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (left-- == 0) {
                left = random.nextInt(300);
                width = random.nextInt(65);
                step = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(100_000);
            }
            value += step + (width == 0 ? 0 : random.nextLong() >>> (64 - width));
            numbers[i] = value;
        }
        return numbers;
    }

    private static byte[] packed(long[] numbers) throws IOException {
        try (var writer = new DeltaBinaryPackingValuesWriterForLong(1 << 12, 1 << 16, HEAP)) {
            for (long number : numbers) {
                writer.writeLong(number);
            }
            return bytes(writer.getBytes());
        }
    }

    private static byte[] bytes(BytesInput input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        input.writeAllTo(out);
        return out.toByteArray();
    }

    private static long[] library(byte[] bytes, int count) throws IOException {
        var reader = new DeltaBinaryPackingValuesReader();
        reader.initFromPage(count, ByteBufferInputStream.wrap(ByteBuffer.wrap(bytes)));
        long[] numbers = new long[count];
        Arrays.setAll(numbers, i -> reader.readLong());
        return numbers;
    }

    /// Wrong numbers may come of it, and a refusal; nothing else.
    @Test
    void refusesOrMisreadsDamagedDifferences() throws Exception {
        Random random = new Random(Long.getLong("seed", 9));
        for (int round = 0; round < 3_000; round++) {
            long[] numbers = numbers(random);
            byte[] bytes = packed(numbers);
            byte[] damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--) {
                damaged[random.nextInt(Math.min(30, damaged.length))] = (byte) random.nextInt();
            }
            try {
                assertThat(DeltaLongs.decode(damaged, damaged.length, numbers.length))
                        .hasSameSizeAs(numbers);
            } catch (DamagedBlockException e) {
                assertThat(e).hasMessageStartingWith("page: ");
            }
        }
    }

    @Test
    void saysHowManyThereMustBe() throws Exception {
        byte[] bytes = packed(new long[] {1, 2, 3});

        assertThatThrownBy(() -> DeltaLongs.decode(bytes, bytes.length, 4))
                .isInstanceOf(DamagedBlockException.class)
                .hasMessageContaining("expected=4, actual=3");
    }

    @Test
    void joinsSplitDoublesAsTheLibrarySplitsThem() throws Exception {
        Random random = new Random(Long.getLong("seed", 3));
        for (int count = 0; count < 100; count++) {
            double[] doubles = random.doubles(count, -1e9, 1e9).toArray();
            var writer =
                    new ByteStreamSplitValuesWriter.DoubleByteStreamSplitValuesWriter(
                            64, 1 << 16, HEAP);
            ByteBuffer plain = ByteBuffer.allocate(8 * count).order(ByteOrder.LITTLE_ENDIAN);
            for (double value : doubles) {
                writer.writeDouble(value);
                plain.putDouble(value);
            }
            double[] joined = new double[count + 3];
            double[] copied = new double[count + 3];

            Doubles.split(bytes(writer.getBytes()), joined, count, 0, count);
            Doubles.plain(plain.array(), copied, 0, count);

            assertThat(Arrays.copyOf(joined, count)).isEqualTo(doubles);
            assertThat(Arrays.copyOf(copied, count)).isEqualTo(doubles);
            writer.close();
        }
    }

    /// Random series of all kinds, in the order of a file, against the arrays they were made of.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void keepsEveryBit(int number) {
        long seed = Long.getLong("seed", number);
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            int rows = 1 + random.nextInt(2_000);
            long[] timesMs = new long[rows];
            double[] values = new double[rows];
            fill(random, timesMs, values);
            RowPage built = RowPageBuilder.build(timesMs, values);
            RowPage page = round % 2 == 0 ? built : RowPage.decode(built.encode());
            assertThat(page.sizeBytes()).isEqualTo(built.sizeBytes());
            for (int i = 0; i < 20; i++) {
                int from = random.nextInt(rows);
                int to = from + random.nextInt(rows - from + 1);
                SampleColumns into = new SampleColumns(0);
                page.append(from, to, ALL, into, ReadBudget.UNLIMITED);
                String what = "seed=%d round=%d from=%d to=%d".formatted(seed, round, from, to);
                assertThat(Arrays.copyOf(into.timestampsMs(), into.size()))
                        .as(what)
                        .isEqualTo(Arrays.copyOfRange(timesMs, from, to));
                assertThat(bits(Arrays.copyOf(into.values(), into.size())))
                        .as(what)
                        .isEqualTo(bits(Arrays.copyOfRange(values, from, to)));
            }
        }
    }

    /// Random parts of random pages have of each run of rising times what lies in the range.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void keepsWhatIsWantedOfIt(int number) {
        long seed = Long.getLong("seed", number);
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            int rows = 1 + random.nextInt(2_000);
            long[] timesMs = new long[rows];
            double[] values = new double[rows];
            fill(random, timesMs, values);
            RowPart part = part(random, timesMs);
            RowPage page = RowPage.decode(RowPageBuilder.build(timesMs, values, part).encode());
            assertThat(page.part().covers(part) && part.covers(page.part())).isTrue();
            int range = random.nextInt(part.ranges());
            int from = part.start(range);
            int to = from + random.nextInt(part.end(range) - from + 1);
            SampleColumns into = new SampleColumns(0);
            int first = page.append(from, to, ALL, into, ReadBudget.UNLIMITED);
            int[] expected =
                    IntStream.range(from, to)
                            .filter(i -> timesMs[i] >= part.startMs() && timesMs[i] < part.endMs())
                            .toArray();
            String what = "seed=%d round=%d from=%d to=%d".formatted(seed, round, from, to);
            assertThat(first).as(what).isEqualTo(expected.length == 0 ? to : expected[0]);
            assertThat(bits(Arrays.copyOf(into.values(), into.size())))
                    .as(what)
                    .isEqualTo(bits(Arrays.stream(expected).mapToDouble(i -> values[i]).toArray()));
            assertThat(part.has(from, to)).isTrue();
            assertThat(part.has(from, part.end(range) + 1)).isFalse();
        }
    }

    /// At every look the newest of all rows is the newest of those that are appended.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void keepsWhatIsSeen(int number) {
        long seed = Long.getLong("seed", number);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int rows = 1 + random.nextInt(1_000);
            long[] timesMs = new long[rows];
            double[] values = new double[rows];
            long time = 1_795_348_800_000L;
            for (int i = 0; i < rows; i++) {
                time += round % 3 == 0 ? 15_000 : 14_000 + random.nextInt(round % 3 * 1_000);
                timesMs[i] = time;
                values[i] = value(random, round % 9, i == 0 ? 0 : values[i - 1]);
            }
            RowPage page = RowPageBuilder.build(timesMs, values);
            Looks looks =
                    new Looks(
                            timesMs[0] + random.nextInt(10_000_000) - 1_000_000,
                            1 + random.nextInt(1_000_000),
                            1 + random.nextInt(100));
            int from = random.nextInt(rows);
            int to = from + 1 + random.nextInt(rows - from);
            SampleColumns into = new SampleColumns(0);
            page.append(from, to, ALL, looks, into, ReadBudget.UNLIMITED);
            String what = "seed=%d round=%d %s".formatted(seed, round, looks);
            long[] times = Arrays.copyOf(into.timestampsMs(), into.size());
            assertThat(times).as(what).isSorted().doesNotHaveDuplicates();
            assertThat(times[times.length - 1]).as(what).isEqualTo(timesMs[to - 1]);
            for (int look = 0; look < looks.count(); look++) {
                int all = newest(Arrays.copyOfRange(timesMs, from, to), looks.at(look));
                int some = newest(times, looks.at(look));
                assertThat(some < 0).as(what).isEqualTo(all < 0);
                if (some >= 0) {
                    assertThat(times[some]).as(what).isEqualTo(timesMs[from + all]);
                    assertThat(Double.doubleToRawLongBits(into.values()[some]))
                            .as(what)
                            .isEqualTo(Double.doubleToRawLongBits(values[from + all]));
                }
            }
        }
    }

    private static int newest(long[] timesMs, long timeMs) {
        int found = Arrays.binarySearch(timesMs, timeMs);
        return found >= 0 ? found : -found - 2;
    }

    private static RowPart part(Random random, long[] timesMs) {
        long startMs = timesMs[random.nextInt(timesMs.length)];
        long endMs = timesMs[random.nextInt(timesMs.length)];
        TimeRange range = startMs < endMs ? new TimeRange(startMs, endMs) : ALL;
        int start = random.nextInt(timesMs.length);
        RowPart part = RowPart.of(start, start + 1 + random.nextInt(timesMs.length - start), range);
        for (int i = random.nextInt(5); i > 0; i--) {
            int more = random.nextInt(timesMs.length);
            int end = more + 1 + random.nextInt(Math.min(100, timesMs.length - more));
            RowPart next = RowPart.of(more, end, range);
            RowPart both = part.with(next);
            assertThat(both.covers(part)).isTrue();
            assertThat(both.covers(next)).isTrue();
            assertThat(next.covers(both))
                    .isEqualTo(both.ranges() == 1 && next.has(both.start(0), both.end(0)));
            part = both;
        }
        return part;
    }

    private static long[] bits(double[] values) {
        return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }

    private static void fill(Random random, long[] timesMs, double[] values) {
        long[] shared = new long[200];
        for (int row = 0; row < timesMs.length; ) {
            int length = Math.min(timesMs.length - row, 1 + random.nextInt(200));
            int spacing = random.nextInt(4);
            int kind = random.nextInt(9);
            long time = random.nextInt(10) == 0 ? random.nextLong() >> 12 : 1_795_348_800_000L;
            for (int i = 0; i < length; i++) {
                time +=
                        switch (spacing) {
                            case 0 -> 15_000;
                            case 1 -> 15_000 + random.nextInt(5);
                            case 2 -> 1 + (random.nextInt(20) == 0 ? 1L << 31 : 0);
                            default -> 1_000 + i % 7;
                        };
                shared[i] = spacing == 1 && row > 0 && shared[i] > 0 ? shared[i] : time;
                timesMs[row + i] = i > 0 && shared[i] <= shared[i - 1] ? time : shared[i];
                if (i > 0 && timesMs[row + i] <= timesMs[row + i - 1]) {
                    timesMs[row + i] = timesMs[row + i - 1] + 1;
                }
                values[row + i] = value(random, kind, i == 0 ? 0 : values[row + i - 1]);
            }
            row += length;
        }
    }

    private static double value(Random random, int kind, double before) {
        return switch (kind) {
            case 0 -> 42.5;
            case 1 -> before + random.nextInt(2);
            case 2 -> before + random.nextInt(300);
            case 3 -> before + random.nextInt(10_000_000);
            case 4 -> random.nextInt(1 << 30) * 8_388_609.0;
            case 5 -> Math.round(before * 100 + random.nextInt(50)) / 100.0;
            case 6 -> random.nextGaussian();
            case 7 -> random.nextInt(40) == 0 ? -0.0 : random.nextInt(3);
            default ->
                    switch (random.nextInt(20)) {
                        case 0 -> Staleness.STALE;
                        case 1 -> Double.NaN;
                        case 2 -> Double.NEGATIVE_INFINITY;
                        case 3 -> 1e300;
                        case 4 -> (double) (1L << 53);
                        default -> 7;
                    };
        };
    }

    @Test
    void isSmallWhereSeriesAreAlike() {
        long[] timesMs = new long[8_000];
        double[] values = new double[8_000];
        Random random = new Random(1);
        for (int i = 0; i < timesMs.length; i++) {
            timesMs[i] = i < 400 ? i * 15_000L + random.nextInt(20) : timesMs[i - 400];
            values[i] = 1e6 * Math.floorDiv(i, 400) + Math.floorDiv(i % 400, 2);
        }

        assertThat(RowPageBuilder.build(timesMs, values).sizeBytes()).isLessThan(13_000);
    }
}
