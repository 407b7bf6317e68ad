package dev.muster.model.frame;

import dev.muster.model.sample.SampleColumns;

/// Samples of one series as bytes: a column of times, then a column of values.
///
/// Both columns are runs, so that a series at a steady pace costs a few bytes for all its times,
/// and a constant one a few bytes for all its values. Byte-aligned, so that it is fast both ways.
public final class ColumnCodec {
    /*
     * times:  first (zigzag), then until all are there: change of the distance (zigzag), run length (varint):
     *         for `run` samples in a row the distance grows by `change` at the first and stays the same after it.
     * values: until all are there, one header byte:
     *         0x00, run (varint):  `run` samples equal to the one before (bit for bit)
     *         0xLN, N bytes:       XOR with the one before has L zero bytes on top and N bytes that count, then zero bytes
     * The value before the first is all zero bits.
     */
    private ColumnCodec() {}

    static void encode(SampleColumns columns, int from, int to, ByteSink out) {
        encodeTimes(columns.timestampsMs(), from, to, out);
        encodeValues(columns.values(), from, to, out);
    }

    static void decode(ByteSource in, int count, SampleColumns into) throws FrameFormatException {
        into.reserve(count);
        int from = into.size();
        decodeTimes(in, into.timestampsMs(), from, from + count);
        decodeValues(in, into.values(), from, from + count);
        into.resize(from + count);
    }

    private static void encodeTimes(long[] times, int from, int to, ByteSink out) {
        out.writeZigzag(times[from]);
        long distance = 0;
        int i = from + 1;
        while (i < to) {
            long next = times[i] - times[i - 1];
            int run = 1;
            while (i + run < to && times[i + run] - times[i + run - 1] == next) {
                run++;
            }
            out.writeZigzag(next - distance);
            out.writeVarint(run);
            distance = next;
            i += run;
        }
    }

    private static void decodeTimes(ByteSource in, long[] times, int from, int to)
            throws FrameFormatException {
        long time = in.readZigzag();
        times[from] = time;
        long distance = 0;
        int i = from + 1;
        while (i < to) {
            distance += in.readZigzag();
            int run = positiveRun(in, to - i);
            for (int end = i + run; i < end; i++) {
                time += distance;
                times[i] = time;
            }
        }
    }

    /// Values `from` to `to` (exclusive), bit for bit.
    public static void encodeValues(double[] values, int from, int to, ByteSink out) {
        long before = 0;
        int i = from;
        while (i < to) {
            long bits = Double.doubleToRawLongBits(values[i]);
            long xor = bits ^ before;
            if (xor == 0) {
                int run = 1;
                while (i + run < to && Double.doubleToRawLongBits(values[i + run]) == before) {
                    run++;
                }
                out.writeByte(0);
                out.writeVarint(run);
                i += run;
            } else {
                writeXor(xor, out);
                before = bits;
                i++;
            }
        }
    }

    /// Fills `from` to `to` (exclusive) with what [#encodeValues] wrote.
    public static void decodeValues(ByteSource in, double[] values, int from, int to)
            throws FrameFormatException {
        long before = 0;
        int i = from;
        while (i < to) {
            int header = in.readByte();
            if (header == 0) {
                int run = positiveRun(in, to - i);
                double value = Double.longBitsToDouble(before);
                for (int end = i + run; i < end; i++) {
                    values[i] = value;
                }
            } else {
                before ^= readXor(header, in);
                values[i++] = Double.longBitsToDouble(before);
            }
        }
    }

    /// @param xor not zero
    static void writeXor(long xor, ByteSink out) {
        int leading = Long.numberOfLeadingZeros(xor) / 8;
        int trailing = Long.numberOfTrailingZeros(xor) / 8;
        int count = 8 - leading - trailing;
        out.writeByte(leading << 4 | count);
        out.writeLowBytes(xor >>> (8 * trailing), count);
    }

    /// @param header the byte that was read, not zero
    static long readXor(int header, ByteSource in) throws FrameFormatException {
        int count = header & 0x0f;
        int trailing = 8 - (header >> 4) - count;
        if (trailing < 0 || count == 0) {
            throw new FrameFormatException(
                    "frame positionBytes="
                            + in.position()
                            + ": value header must fit 8 bytes: found="
                            + header);
        }
        return in.readLowBytes(count) << (8 * trailing);
    }

    static int positiveRun(ByteSource in, int limit) throws FrameFormatException {
        int run = in.readCount("length of a run", limit);
        if (run == 0) {
            throw new FrameFormatException(
                    "frame positionBytes=" + in.position() + ": a run must not be empty");
        }
        return run;
    }
}
