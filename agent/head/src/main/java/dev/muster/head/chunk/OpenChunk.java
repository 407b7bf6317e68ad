package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteWriter;
import dev.muster.model.histogram.NativeHistogram;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The newest samples of one origin: a clock of ticks that all its series share, and for each
/// series, by its slot, a growing bit stream of its values. Guarded by the lock of the origin.
///
/// The value a slot had last outlives [#clear]: it is the base of the log's next record.
public final class OpenChunk {
    /*
     * Values are XORed with the one before [1], section 4.1, the first with 0. Codes, lowest bit first:
     *
     *   0              the same value as before
     *   1 0            XOR, in the window of leading and trailing zeros that is open
     *   1 1 0 ll mm    XOR, a new window: 5 bits leading zeros, 6 bits length - 1
     *   1 1 1 nn       the series was absent: 10 bits ticks - 1
     *
     * A slot with bits == 0 and counts > 0 was the same at every tick from 0 on; nothing is written for it
     * until it changes. A stream that ends early goes on with zero bits, "the same", up to `counts`.
     * Streams lie in chained blocks of BLOCK_WORDS words; all words beyond a stream's end are 0.
     * A new window may be cheaper than a wide open one; the shorter code is taken.
     *
     * [1] https://www.vldb.org/pvldb/vol8/p1816-teller.pdf
     */

    /// Most ticks of one chunk. A stream then takes at most 78 bits a tick, which fits a char.
    public static final int MAX_TICKS = 720;

    /// Longest stream in bytes.
    public static final int MAX_STREAM_BYTES = 8192;

    static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int BLOCK_WORDS = 4;
    private static final int BLOCK_BITS = BLOCK_WORDS * 64;
    private static final int MAX_LEADING = 31;
    private static final byte NO_WINDOW = -1;

    private final long[] firstClock = new long[16];
    private long[] clock = firstClock;
    private int ticks;

    private int slots;
    private long[] last = new long[0];
    private char[] bits = new char[0];
    private char[] counts = new char[0];
    private byte[] leading = new byte[0];
    private byte[] width = new byte[0];
    private int[] head = new int[0];
    private int[] tail = new int[0];

    private long[] pool = new long[0];
    private int[] next = new int[0];
    private int blocks;

    /// Histograms and start times; null where there are none.
    private @Nullable OpenSide side;

    public int ticks() {
        return ticks;
    }

    public int slots() {
        return slots;
    }

    public long tickMs(int tick) {
        return clock[tick];
    }

    /// Copies the first `count` ticks.
    public void copyClock(int count, long[] into) {
        System.arraycopy(clock, 0, into, 0, count);
    }

    /// Bits of the value that the slot had last; 0 before its first.
    public long last(int slot) {
        return last[slot];
    }

    /// Sets the value that the slot had last, where no tick of this chunk says it.
    public void rebase(int slot, long value) {
        if (counts[slot] > 0 && last[slot] != value) {
            throw new IllegalStateException("slot must have no samples here: slot=" + slot);
        }
        last[slot] = value;
    }

    /// Sets the value that slots from `first` on had last to 0: a key record of the log, which
    /// tells of the slots before, has given them up. None of them has samples here.
    public void rebaseFrom(int first) {
        for (int slot = first; slot < slots; slot++) {
            rebase(slot, 0);
        }
    }

    /// The array behind [#last(int)], for a loop over all slots.
    public long[] lasts() {
        return last;
    }

    /// Ticks up to the last one at which the slot had a sample.
    public int count(int slot) {
        return counts[slot];
    }

    /// Memory that the streams take.
    public long poolBytes() {
        return blocks * (BLOCK_WORDS * 8L + 4) + (side == null ? 0 : side.poolBytes());
    }

    /// Slots that have had histograms.
    public int histogramSlots() {
        return side == null ? 0 : side.streamCount();
    }

    /// Memory of this object, roughly.
    public long sizeBytes() {
        return slotBytes()
                + pool.length * 8L
                + next.length * 4L
                + (side == null ? 0 : side.sizeBytes());
    }

    /// Memory that slots take, whatever is in their streams.
    public long slotBytes() {
        return last.length * (8L + 2 + 2 + 1 + 1 + 4 + 4);
    }

    /// Makes room for slots from 0 to `newSlots`.
    public void grow(int newSlots) {
        if (newSlots > last.length) {
            int capacity = Math.max(newSlots, Math.max(4, last.length + (last.length >> 2)));
            last = Arrays.copyOf(last, capacity);
            bits = Arrays.copyOf(bits, capacity);
            counts = Arrays.copyOf(counts, capacity);
            leading = Arrays.copyOf(leading, capacity);
            width = Arrays.copyOf(width, capacity);
            head = Arrays.copyOf(head, capacity);
            tail = Arrays.copyOf(tail, capacity);
        }
        slots = Math.max(slots, newSlots);
    }

    /// Forgets the slots from `newSlots` on, their last values, too, and gives the memory of the
    /// streams back; there must be no tick.
    public void shrink(int newSlots) {
        slots = newSlots;
        last = Arrays.copyOf(last, newSlots);
        bits = Arrays.copyOf(bits, newSlots);
        counts = Arrays.copyOf(counts, newSlots);
        leading = Arrays.copyOf(leading, newSlots);
        width = Arrays.copyOf(width, newSlots);
        head = Arrays.copyOf(head, newSlots);
        tail = Arrays.copyOf(tail, newSlots);
        pool = new long[0];
        next = new int[0];
    }

    /// Adds a tick, later than all before.
    ///
    /// @return its number
    public int tick(long timestampMs) {
        if (ticks == MAX_TICKS || (ticks > 0 && timestampMs <= clock[ticks - 1])) {
            throw new IllegalStateException(
                    "tick must be new and fit: ticks=" + ticks + ", timestampMs=" + timestampMs);
        }
        if (ticks == clock.length) {
            clock = Arrays.copyOf(clock, Math.min(MAX_TICKS, ticks * 2));
        }
        clock[ticks] = timestampMs;
        return ticks++;
    }

    /// Appends the value of a slot at the newest tick; once for each slot and tick.
    public void put(int slot, long value) {
        int tick = ticks - 1;
        int count = counts[slot];
        if (bits[slot] == 0 && count == tick && (value == last[slot] || tick == 0)) {
            last[slot] = value;
            counts[slot] = (char) ticks;
            return;
        }
        putChanged(slot, value, tick, count);
    }

    /// Appends the histogram of a slot at the newest tick, where its value is the marker.
    ///
    /// @param key number of the log's key record that this or a later record builds on
    public void put(int slot, NativeHistogram histogram, int key) {
        side().append(slot, ticks - 1, histogram, key);
    }

    /// The newest histogram of a slot where the log has told it since that key record.
    public @Nullable NativeHistogram lastHistogram(int slot, int key) {
        HistogramStream stream = side == null ? null : side.stream(slot);
        return stream == null || stream.loggedKey() != key ? null : stream.last();
    }

    /// The newest histogram of a slot, whatever the log has told.
    public @Nullable NativeHistogram lastHistogram(int slot) {
        HistogramStream stream = side == null ? null : side.stream(slot);
        return stream == null ? null : stream.last();
    }

    /// Sets the newest histogram of a slot, where no tick of this chunk says it.
    public void rebase(int slot, NativeHistogram histogram) {
        side().rebase(slot, histogram, 0);
    }

    /// Since when samples of the slot count that come next; 0 if that is not known.
    public long startMs(int slot) {
        return side == null ? 0 : side.starts().of(slot);
    }

    /// The start times by slot, slots beyond the array have none; null if no slot has one.
    public long @Nullable [] copyStarts() {
        return side == null ? null : side.starts().copy();
    }

    /// Forgets all start times; there must be no tick.
    public void clearStarts() {
        if (side != null) {
            side.starts().reset();
        }
    }

    /// Says since when samples of the slot count.
    ///
    /// @param tick the first tick of which that is so, the newest or the next one
    public void start(int slot, long startMs, int tick) {
        if (startMs != startMs(slot)) {
            side().starts().set(slot, startMs, tick);
        }
    }

    /// May a slot have histograms or start times?
    public boolean hasSide() {
        return side != null;
    }

    private OpenSide side() {
        OpenSide known = side;
        if (known == null) {
            known = new OpenSide();
            side = known;
        }
        return known;
    }

    @Nullable OpenSide sideOrNull() {
        return side;
    }

    /// What the slot has beside its values, as [TickDecoder#decode] takes it; null if nothing.
    public byte @Nullable [] copySide(int slot) {
        if (side == null || !side.has(slot)) {
            return null;
        }
        ByteWriter copy = new ByteWriter(64);
        side.write(slot, ticks, copy);
        return Arrays.copyOf(copy.array(), copy.size());
    }

    /// The slot, which has no sample here, lost its series.
    public void forget(int slot) {
        if (side != null) {
            side.forget(slot);
        }
    }

    private void putChanged(int slot, long value, int tick, int count) {
        long previous = last[slot];
        if (bits[slot] == 0) {
            leading[slot] = NO_WINDOW;
            if (count > 0) {
                code(slot, previous, 0);
                zeros(slot, count - 1);
            } else {
                previous = 0;
            }
        }
        if (tick > count) {
            write(slot, 0b111 | (long) (tick - count - 1) << 3, 13);
        }
        code(slot, value, previous);
        last[slot] = value;
        counts[slot] = (char) ticks;
    }

    private void code(int slot, long value, long previous) {
        long xor = value ^ previous;
        if (xor == 0) {
            zeros(slot, 1);
            return;
        }
        int zerosAhead = Math.min(MAX_LEADING, Long.numberOfLeadingZeros(xor));
        int zerosBehind = Long.numberOfTrailingZeros(xor);
        int length = 64 - zerosAhead - zerosBehind;
        int openLength = width[slot];
        int openLeading = leading[slot];
        if (openLeading != NO_WINDOW
                && zerosAhead >= openLeading
                && zerosBehind >= 64 - openLeading - openLength
                && openLength <= length + 12) {
            write(slot, 0b01, 2);
            write(slot, xor >>> (64 - openLeading - openLength), openLength);
            return;
        }
        leading[slot] = (byte) zerosAhead;
        width[slot] = (byte) length;
        write(slot, 0b011 | (long) zerosAhead << 3 | (long) (length - 1) << 8, 14);
        write(slot, xor >>> zerosBehind, length);
    }

    /// Appends zero bits, which are there already; only blocks may be needed.
    private void zeros(int slot, int count) {
        int rest = count;
        while (rest > 0) {
            int inBlock = bits[slot] & (BLOCK_BITS - 1);
            if (inBlock == 0) {
                chain(slot);
            }
            int step = Math.min(rest, BLOCK_BITS - inBlock);
            bits[slot] += (char) step;
            rest -= step;
        }
    }

    /// Appends the lowest `count` bits, 1 to 64, of `value`, whose other bits are 0.
    private void write(int slot, long value, int count) {
        int at = bits[slot];
        if ((at & (BLOCK_BITS - 1)) == 0) {
            chain(slot);
        }
        int word = tail[slot] * BLOCK_WORDS + ((at & (BLOCK_BITS - 1)) >>> 6);
        int shift = at & 63;
        pool[word] |= value << shift;
        int written = 64 - shift;
        if (count > written) {
            int spill = at + written;
            if ((spill & (BLOCK_BITS - 1)) == 0) {
                bits[slot] = (char) spill;
                chain(slot);
                word = tail[slot] * BLOCK_WORDS - 1;
            }
            pool[word + 1] = value >>> written;
        }
        bits[slot] = (char) (at + count);
    }

    /// Gives the slot's stream one more block.
    private void chain(int slot) {
        if (blocks == next.length) {
            int capacity = Math.max(16, blocks + (blocks >> 2));
            next = Arrays.copyOf(next, capacity);
            pool = Arrays.copyOf(pool, capacity * BLOCK_WORDS);
        }
        if (bits[slot] == 0) {
            head[slot] = blocks;
        } else {
            next[tail[slot]] = blocks;
        }
        tail[slot] = blocks++;
    }

    /// Copies the stream of a slot, zero bytes after it, into an array of at least
    /// [#MAX_STREAM_BYTES] and 64 more.
    ///
    /// @return its length in bytes without zero bytes at its end
    public int copyStream(int slot, byte[] into) {
        int length = bits[slot];
        if (length == 0) {
            return counts[slot] == 0 ? 0 : copyConstant(last[slot], into);
        }
        int block = head[slot];
        int offset = 0;
        for (int at = 0; at < length; at += BLOCK_BITS) {
            int word = block * BLOCK_WORDS;
            for (int i = 0; i < BLOCK_WORDS; i++) {
                LONG.set(into, offset, pool[word + i]);
                offset += 8;
            }
            block = next[block];
        }
        return trimmed(into, (length + 7) >>> 3, offset);
    }

    private static int copyConstant(long value, byte[] into) {
        LONG.set(into, 0, 0L);
        LONG.set(into, 8, 0L);
        if (value == 0) {
            return trimmed(into, 0, 16);
        }
        int zerosAhead = Math.min(MAX_LEADING, Long.numberOfLeadingZeros(value));
        int zerosBehind = Long.numberOfTrailingZeros(value);
        int length = 64 - zerosAhead - zerosBehind;
        long code = value >>> zerosBehind;
        LONG.set(into, 0, 0b011 | (long) zerosAhead << 3 | (long) (length - 1) << 8 | code << 14);
        LONG.set(into, 8, code >>> 50);
        return trimmed(into, 10, 16);
    }

    private static int trimmed(byte[] stream, int length, int zeroFrom) {
        Arrays.fill(stream, zeroFrom, zeroFrom + 32, (byte) 0);
        int trimmed = length;
        while (trimmed > 0 && stream[trimmed - 1] == 0) {
            trimmed--;
        }
        return trimmed;
    }

    /// Writes all streams as the body of a chunk.
    public void seal(int origin, ByteWriter into) {
        TickChunkWriter.write(this, origin, into);
    }

    /// Forgets all ticks, keeps the slots, their last values and the memory.
    public void clear() {
        ticks = 0;
        Arrays.fill(bits, 0, slots, (char) 0);
        Arrays.fill(counts, 0, slots, (char) 0);
        Arrays.fill(pool, 0, blocks * BLOCK_WORDS, 0);
        blocks = 0;
        if (side != null) {
            side.clear();
        }
    }

    /// As [#clear], and gives the memory of the streams and newest histograms back.
    public void release() {
        clear();
        if (side != null) {
            side.release();
        }
        pool = new long[0];
        next = new int[0];
        clock = firstClock;
    }
}
