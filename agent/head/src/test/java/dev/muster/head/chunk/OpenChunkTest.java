package dev.muster.head.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.head.Seeds;
import dev.muster.head.bytes.ByteWriter;
import dev.muster.head.disk.Disk;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OpenChunkTest {
    private static final long FIRST_MS = 1_700_000_000_000L;

    private final TickDecoder decoder = new TickDecoder();
    private final Path directory;

    OpenChunkTest(@TempDir Path directory) {
        this.directory = directory;
    }

    static long[] seeds() {
        return Seeds.some("OpenChunkTest", 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void givesBackEveryPattern(long seed) throws IOException {
        Random random = new Random(seed);
        OpenChunk chunk = new OpenChunk();
        for (int generation = 0; generation < 3; generation++) {
            int slots = 1 + random.nextInt(70);
            int ticks = 1 + random.nextInt(OpenChunk.MAX_TICKS);
            chunk.grow(slots);
            Long[][] expected = fill(chunk, slots, ticks, random);
            long[] times = new long[ticks];
            chunk.copyClock(ticks, times);
            for (int slot = 0; slot < slots; slot++) {
                checkOpen(chunk, slot, expected[slot], times, random);
            }
            checkSealed(chunk, expected, times, random);
            chunk.clear();
        }
    }

    private static Long[][] fill(OpenChunk chunk, int slots, int ticks, Random random) {
        Long[][] expected = new Long[slots][ticks];
        boolean regular = random.nextBoolean();
        long time = FIRST_MS;
        for (int tick = 0; tick < ticks; tick++) {
            time += regular ? 1_000 : 1 + random.nextInt(100_000);
            chunk.tick(time);
            for (int slot = 0; slot < slots; slot++) {
                if (present(slot, tick, random)) {
                    long value = value(slot, tick, random);
                    chunk.put(slot, value);
                    expected[slot][tick] = value;
                }
            }
        }
        return expected;
    }

    private static boolean present(int slot, int tick, Random random) {
        return switch (slot % 5) {
            case 0 -> true;
            case 1 -> random.nextInt(10) > 0;
            case 2 -> tick > 30;
            case 3 -> tick < 50;
            default -> random.nextInt(200) == 0;
        };
    }

    private static long value(int slot, int tick, Random random) {
        return switch (slot % 9) {
            case 0 -> 0;
            case 1 -> Double.doubleToRawLongBits(42.5);
            case 2 -> Double.doubleToRawLongBits(tick);
            case 3 -> random.nextLong();
            case 4 -> Double.doubleToRawLongBits(random.nextInt(100) / 10.0);
            case 5 -> random.nextInt(20) == 0 ? Staleness.STALE_BITS : 7;
            case 6 -> 0x7ff8000000000000L | random.nextInt(1_000);
            case 7 -> 1L << random.nextInt(64);
            default -> Double.doubleToRawLongBits(random.nextInt(30) == 0 ? tick : 3);
        };
    }

    private void checkOpen(
            OpenChunk chunk, int slot, Long[] expected, long[] times, Random random) {
        int prefix = 1 + random.nextInt(times.length);
        int length = chunk.copyStream(slot, decoder.stream());
        int count = Math.min(prefix, chunk.count(slot));
        chunk.copyClock(count, decoder.times());
        SampleColumns columns = new SampleColumns();
        decoder.decode(length, count, 0, Long.MAX_VALUE, columns);
        check(columns, expected, times, 0, prefix);
    }

    private void checkSealed(OpenChunk chunk, Long[][] expected, long[] times, Random random)
            throws IOException {
        ChunkFile file = ChunkFile.create(Disk.local(), directory.resolve("c" + FIRST_MS), 0);
        ByteWriter buffer = new ByteWriter();
        for (int copy = 0; copy < 2; copy++) {
            buffer.clear();
            buffer.skip(ChunkFile.RECORD_HEADER_BYTES);
            chunk.seal(7, buffer);
            SealedChunk sealed =
                    SealedChunk.append(
                            file, ChunkKind.TICKS, times[0], times[times.length - 1], 0, buffer);
            SampleColumns columns = new SampleColumns();
            for (int slot = 0; slot < expected.length; slot++) {
                int from = random.nextInt(times.length);
                int to = from + 1 + random.nextInt(times.length - from);
                long endMs = times[to - 1] + 1;
                columns.clear();
                sealed.read(slot, times[from], endMs, decoder, columns);
                check(columns, expected[slot], times, from, to);
            }
            sealed.read(expected.length + 3, 0, Long.MAX_VALUE, decoder, columns);
        }
        file.delete();
    }

    private static void check(
            SampleColumns columns, Long[] expected, long[] times, int from, int to) {
        int at = 0;
        for (int tick = from; tick < to; tick++) {
            Long value = expected[tick];
            if (value != null) {
                assertThat(at).isLessThan(columns.size());
                assertThat(columns.timestampsMs()[at]).isEqualTo(times[tick]);
                assertThat(Double.doubleToRawLongBits(columns.values()[at])).isEqualTo(value);
                at++;
            }
        }
        assertThat(columns.size()).isEqualTo(at);
    }

    @Test
    void constantSeriesTakeNoMemoryAndFewBytes() {
        OpenChunk chunk = new OpenChunk();
        chunk.grow(1_000);
        for (int tick = 0; tick < 600; tick++) {
            chunk.tick(FIRST_MS + tick * 1_000L);
            for (int slot = 0; slot < 1_000; slot++) {
                chunk.put(slot, Double.doubleToRawLongBits(slot));
            }
        }
        ByteWriter buffer = new ByteWriter();
        chunk.seal(1, buffer);
        assertThat(chunk.poolBytes()).isZero();
        assertThat(buffer.size()).isLessThan(8_000);
    }
}
