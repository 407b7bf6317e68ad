package dev.muster.head.chunk;

import dev.muster.model.sample.SampleColumns;
import org.jspecify.annotations.Nullable;

/// Decodes a stream of [OpenChunk]. Confined to one thread.
public final class TickDecoder {
    private final byte[] stream = new byte[OpenChunk.MAX_STREAM_BYTES + 64];
    private final long[] times = new long[OpenChunk.MAX_TICKS];

    /// Where the stream to decode is put: followed by at least 32 zero bytes.
    public byte[] stream() {
        return stream;
    }

    /// Where the clock is put.
    public long[] times() {
        return times;
    }

    /// As the other [#decode], and gives the samples their histograms and start times.
    ///
    /// @param side what [OpenChunk#copySide] gave
    public void decode(
            int length,
            int count,
            long startMs,
            long endMs,
            byte @Nullable [] side,
            SampleColumns into) {
        int before = into.size();
        decode(length, count, startMs, endMs, into);
        if (side != null) {
            SideReader.attach(side, times, count, into, before);
        }
    }

    /// Appends the samples in `[startMs, endMs)` of the first `count` ticks.
    ///
    /// @param length bytes of the stream; after them all bits are 0
    public void decode(int length, int count, long startMs, long endMs, SampleColumns into) {
        int to = lowerBound(count, endMs);
        if (to == 0 || times[to - 1] < startMs) {
            return;
        }
        into.reserve(to);
        int size = decode(length, lowerBound(to, startMs), to, into);
        into.resize(size);
    }

    private int decode(int length, int from, int to, SampleColumns into) {
        long[] outTimes = into.timestampsMs();
        double[] outValues = into.values();
        int size = into.size();
        int end = length << 3;
        int at = 0;
        int shift = 0;
        int width = 0;
        long value = 0;
        int tick = 0;
        while (tick < to) {
            if (at >= end) {
                double same = Double.longBitsToDouble(value);
                for (int i = Math.max(tick, from); i < to; i++) {
                    outTimes[size] = times[i];
                    outValues[size++] = same;
                }
                return size;
            }
            long code = bits(at);
            if ((code & 1) == 0) {
                at++;
            } else if ((code & 2) == 0) {
                value ^= wide(at + 2, width) << shift;
                at += 2 + width;
            } else if ((code & 4) == 0) {
                int leading = (int) (code >>> 3) & 31;
                width = ((int) (code >>> 8) & 63) + 1;
                shift = 64 - leading - width;
                value ^= wide(at + 14, width) << shift;
                at += 14 + width;
            } else {
                tick += ((int) (code >>> 3) & 1023) + 1;
                at += 13;
                continue;
            }
            if (tick >= from) {
                outTimes[size] = times[tick];
                outValues[size++] = Double.longBitsToDouble(value);
            }
            tick++;
        }
        return size;
    }

    /// At least 57 bits from bit `at` on.
    private long bits(int at) {
        return (long) OpenChunk.LONG.get(stream, at >>> 3) >>> (at & 7);
    }

    /// `width` bits, 1 to 64, from bit `at` on.
    private long wide(int at, int width) {
        int offset = at & 7;
        long low = (long) OpenChunk.LONG.get(stream, at >>> 3) >>> offset;
        if (width > 64 - offset) {
            low |= (stream[(at >>> 3) + 8] & 0xffL) << (64 - offset);
        }
        return low & (-1L >>> (64 - width));
    }

    /// The first of `count` ticks that is not before `timeMs`; `count` if there is none.
    private int lowerBound(int count, long timeMs) {
        if (count == 0 || times[0] >= timeMs) {
            return 0;
        }
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] < timeMs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
