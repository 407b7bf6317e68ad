package dev.muster.blocks.read;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Decodes numbers that are packed as differences. Confined to one thread, used once.
final class DeltaLongs {
    /*
     * DELTA_BINARY_PACKED [1]: a header of four varints (values a block, miniblocks a block, count, first value in
     * zigzag); then blocks: the least difference in zigzag, a byte for the bit width of each miniblock, and the
     * miniblocks, each number of which is a difference less the least one. Numbers wrap around. Miniblocks after the
     * last value have a width and no bytes; the last one is whole.
     *
     * [1] https://parquet.apache.org/docs/file-format/data-pages/encodings/
     */
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// Bits that a number may have so that it always lies in 8 bytes.
    private static final int WIDEST_IN_LONG = Long.SIZE - Byte.SIZE + 1;

    private static final int LARGEST_BLOCK = 1 << 20;
    private static final long MICROS_PER_MS = 1_000;

    /// Numbers and differences up to these do not wrap around within a miniblock.
    private static final long LARGEST_EVEN = 1L << 61;

    private static final long LARGEST_EVEN_STEP = 1L << 40;

    private final byte[] bytes;
    private final int end;

    /// Whether numbers are microseconds of which milliseconds are wanted.
    private final boolean millis;

    private int at;

    /// The number that was read last.
    private long value;

    private DeltaLongs(byte[] bytes, int end, boolean millis) {
        this.bytes = bytes;
        this.end = end;
        this.millis = millis;
    }

    /// The numbers of a page.
    ///
    /// @param sizeBytes of the array, from its start
    /// @param count how many there must be
    static long[] decode(byte[] bytes, int sizeBytes, int count) throws DamagedBlockException {
        long[] values = new long[count];
        decode(bytes, sizeBytes, false, count, values, count);
        return values;
    }

    /// The first of the numbers of a page, which are microseconds, as milliseconds, rounded down.
    ///
    /// @param sizeBytes of the array, from its start
    /// @param count how many there must be
    /// @param into has room for all
    /// @param first how many are wanted; some more may be written
    static void decodeMillis(byte[] bytes, int sizeBytes, int count, long[] into, int first)
            throws DamagedBlockException {
        decode(bytes, sizeBytes, true, count, into, first);
    }

    private static void decode(
            byte[] bytes, int sizeBytes, boolean millis, int count, long[] into, int first)
            throws DamagedBlockException {
        try {
            new DeltaLongs(bytes, sizeBytes, millis).decode(count, into, first);
        } catch (IndexOutOfBoundsException e) {
            throw new DamagedBlockException(
                    "page: differences must lie within it: sizeBytes=" + sizeBytes, e);
        }
    }

    private void decode(int count, long[] values, int first) throws DamagedBlockException {
        int blockSize = varint();
        int miniblocks = varint();
        int total = varint();
        if (blockSize <= 0
                || blockSize > LARGEST_BLOCK
                || miniblocks <= 0
                || blockSize % (miniblocks * (long) Byte.SIZE) != 0
                || total != count) {
            throw new DamagedBlockException(
                    "page: differences must be of as many values as rows: expected=%d, actual=%d, block=%d, miniblocks=%d"
                            .formatted(count, total, blockSize, miniblocks));
        }
        value = zigzag();
        if (count > 0) {
            values[0] = millis ? Math.floorDiv(value, MICROS_PER_MS) : value;
        }
        int miniblock = blockSize / miniblocks;
        for (int done = 1; done < first; ) {
            long least = zigzag();
            int widths = at;
            at = Math.addExact(at, miniblocks);
            for (int m = 0; m < miniblocks && done < first; m++) {
                int width = bytes[widths + m] & 0xff;
                int length = Math.min(miniblock, count - done);
                unpack(width, miniblock, least, values, done, length);
                done += length;
            }
        }
        if (at > end) {
            throw new IndexOutOfBoundsException(at);
        }
    }

    private void unpack(int width, int miniblock, long least, long[] into, int from, int length)
            throws DamagedBlockException {
        int start = at;
        long last = at + (long) width * (miniblock / Byte.SIZE);
        if (width > Long.SIZE || last > end) {
            throw new DamagedBlockException(
                    "page: differences must lie within it: width=%d, end=%d, sizeBytes=%d"
                            .formatted(width, last, end));
        }
        at = (int) last;
        if (width == 0 && millis && isEven(least)) {
            addEven(least, into, from, length);
            return;
        }
        if (width == 0) {
            long number = value;
            for (int i = from; i < from + length; i++) {
                number += least;
                into[i] = number;
            }
        } else {
            unpackDifferences(start, width, least, into, from, length);
        }
        if (length > 0) {
            value = into[from + length - 1];
        }
        if (millis) {
            for (int i = from; i < from + length; i++) {
                into[i] = Math.floorDiv(into[i], MICROS_PER_MS);
            }
        }
    }

    /// Is a difference one of whole milliseconds, with which nothing wraps around?
    private boolean isEven(long step) {
        return step % MICROS_PER_MS == 0
                && step > -LARGEST_EVEN_STEP
                && step < LARGEST_EVEN_STEP
                && value > -LARGEST_EVEN
                && value < LARGEST_EVEN;
    }

    /// Times at a steady interval, as most are: no division for each.
    private void addEven(long stepMicros, long[] into, int from, int length) {
        long stepMs = stepMicros / MICROS_PER_MS;
        long number = Math.floorDiv(value, MICROS_PER_MS);
        for (int i = from; i < from + length; i++) {
            number += stepMs;
            into[i] = number;
        }
        value += stepMicros * length;
    }

    private void unpackDifferences(
            int start, int width, long least, long[] into, int from, int length) {
        long number = value;
        int fast = width > WIDEST_IN_LONG ? 0 : valuesInLongs(start, width, length);
        long mask = -1L >>> (Long.SIZE - width);
        for (int i = 0, bit = 0; i < fast; i++, bit += width) {
            long packed = (long) LONG.get(bytes, start + (bit >>> 3)) >>> (bit & 7);
            number += least + (packed & mask);
            into[from + i] = number;
        }
        if (width > WIDEST_IN_LONG) {
            unpackWide(start, width, least, into, from, length);
            return;
        }
        for (int i = fast; i < length; i++) {
            number += least + (bits(start, i * width, width) & mask);
            into[from + i] = number;
        }
    }

    /// Numbers that do not always lie in 8 bytes.
    private void unpackWide(int start, int width, long least, long[] into, int from, int length) {
        long mask = -1L >>> (Long.SIZE - width);
        long number = value;
        for (int i = 0, bit = 0; i < length; i++, bit += width) {
            int at = start + (bit >>> 3);
            int shift = bit & 7;
            long packed;
            if (at + Long.BYTES < bytes.length) {
                packed = (long) LONG.get(bytes, at) >>> shift;
                // of 64 bits none are left where the shift is 0
                packed |= ((long) bytes[at + Long.BYTES] << 1) << (Long.SIZE - 1 - shift);
            } else {
                packed = bits(start, bit, width);
            }
            number += least + (packed & mask);
            into[from + i] = number;
        }
    }

    /// How many values can be read as 8 bytes each without reading past the end.
    private int valuesInLongs(int start, int width, int length) {
        long lastByte = bytes.length - (long) Long.BYTES - start;
        return lastByte < 0
                ? 0
                : (int) Math.min(length, (lastByte * Byte.SIZE + Byte.SIZE - 1) / width + 1);
    }

    private long bits(int start, int bit, int width) {
        long result = 0;
        int shift = -(bit & 7);
        for (int b = start + (bit >>> 3); shift < width; b++, shift += Byte.SIZE) {
            long part = bytes[b] & 0xffL;
            result |= shift < 0 ? part >>> -shift : part << shift;
        }
        return result;
    }

    private int varint() throws DamagedBlockException {
        long number = varlong();
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new DamagedBlockException("page: counts must be likely: found=" + number);
        }
        return (int) number;
    }

    private long zigzag() throws DamagedBlockException {
        long number = varlong();
        return (number >>> 1) ^ -(number & 1);
    }

    private long varlong() throws DamagedBlockException {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes[at++];
            number |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new DamagedBlockException("page: number must end");
    }
}
