package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteReader;
import dev.muster.head.bytes.ByteWriter;
import dev.muster.model.sample.SampleColumns;
import java.util.Arrays;

/// Samples of one origin with times of their own: out of order, or explicit. Kept as they came;
/// sorted when sealed.
///
/// Written under the lock of the origin; entries below a size that was seen under the lock never
/// change and are read without it.
public final class LateBuffer {
    static final int INDEX_BYTES = 8;

    private int[] slots = new int[16];
    private long[] times = new long[16];
    private long[] values = new long[16];
    private int size;

    public int size() {
        return size;
    }

    public long sizeBytes() {
        return slots.length * 20L;
    }

    public long timeMs(int index) {
        return times[index];
    }

    public int slot(int index) {
        return slots[index];
    }

    public void add(int slot, long timeMs, long value) {
        if (size == slots.length) {
            int capacity = size * 2;
            slots = Arrays.copyOf(slots, capacity);
            times = Arrays.copyOf(times, capacity);
            values = Arrays.copyOf(values, capacity);
        }
        slots[size] = slot;
        times[size] = timeMs;
        values[size] = value;
        size++;
    }

    /// A view of the entries there are now. Called under the lock.
    public View view() {
        return new View(slots, times, values, size);
    }

    /// Removes the entries in `[startMs, endMs)`. The buffer must not be shared with a view.
    public LateBuffer without(long startMs, long endMs) {
        LateBuffer rest = new LateBuffer();
        for (int i = 0; i < size; i++) {
            if (times[i] < startMs || times[i] >= endMs) {
                rest.add(slots[i], times[i], values[i]);
            }
        }
        return rest;
    }

    /// Writes the entries in `[startMs, endMs)`, of which there must be some, as the body of a
    /// chunk.
    public Span seal(long startMs, long endMs, int origin, ByteWriter into) {
        int[] order = sorted(startMs, endMs);
        long firstMs = Long.MAX_VALUE;
        long lastMs = Long.MIN_VALUE;
        int distinct = 0;
        for (int i = 0; i < order.length; i++) {
            firstMs = Math.min(firstMs, times[order[i]]);
            lastMs = Math.max(lastMs, times[order[i]]);
            distinct += i == 0 || slots[order[i]] != slots[order[i - 1]] ? 1 : 0;
        }
        ChunkHeader.write(into, ChunkKind.LATE, false, 0, distinct, origin, firstMs, lastMs);
        int index = into.size();
        into.skip(distinct * INDEX_BYTES);
        int streams = into.size();
        for (int from = 0; from < order.length; index += INDEX_BYTES) {
            int to = from + 1;
            while (to < order.length && slots[order[to]] == slots[order[from]]) {
                to++;
            }
            into.putU32(index, slots[order[from]]);
            into.putU32(index + 4, into.size() - streams);
            stream(order, from, to, firstMs, into);
            from = to;
        }
        return new Span(firstMs, lastMs);
    }

    private void stream(int[] order, int from, int to, long firstMs, ByteWriter into) {
        into.varint(to - from);
        long time = firstMs;
        long value = 0;
        for (int i = from; i < to; i++) {
            into.varint(times[order[i]] - time);
            into.sparse(values[order[i]] ^ value);
            time = times[order[i]];
            value = values[order[i]];
        }
    }

    static void decode(byte[] stream, long firstMs, long startMs, long endMs, SampleColumns into) {
        ByteReader reader = new ByteReader(stream, 0, stream.length);
        int count = reader.count();
        long time = firstMs;
        long value = 0;
        for (int i = 0; i < count; i++) {
            time += reader.varint();
            value ^= reader.sparse();
            if (time >= startMs && time < endMs) {
                into.append(time, Double.longBitsToDouble(value));
            }
        }
    }

    /// Entries in the span by slot, then time.
    private int[] sorted(long startMs, long endMs) {
        Integer[] order = new Integer[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (times[i] >= startMs && times[i] < endMs) {
                order[count++] = i;
            }
        }
        Arrays.sort(
                order,
                0,
                count,
                (a, b) ->
                        slots[a] != slots[b]
                                ? Integer.compare(slots[a], slots[b])
                                : Long.compare(times[a], times[b]));
        int[] result = new int[count];
        for (int i = 0; i < count; i++) {
            result[i] = order[i];
        }
        return result;
    }

    /// First and last time of what was sealed.
    public record Span(long firstMs, long lastMs) {}

    /// The entries of a buffer at one moment. Immutable.
    public static final class View {
        /// No entries.
        public static final View EMPTY = new View(new int[0], new long[0], new long[0], 0);

        private final int[] slots;
        private final long[] times;
        private final long[] values;
        private final int size;

        private View(int[] slots, long[] times, long[] values, int size) {
            this.slots = slots;
            this.times = times;
            this.values = values;
            this.size = size;
        }

        public boolean overlaps(long startMs, long endMs) {
            for (int i = 0; i < size; i++) {
                if (times[i] >= startMs && times[i] < endMs) {
                    return true;
                }
            }
            return false;
        }

        /// `Long.MAX_VALUE` if there are none.
        public long oldestMs() {
            long oldest = Long.MAX_VALUE;
            for (int i = 0; i < size; i++) {
                oldest = Math.min(oldest, times[i]);
            }
            return oldest;
        }

        /// `Long.MIN_VALUE` if there are none.
        public long newestMs() {
            long newest = Long.MIN_VALUE;
            for (int i = 0; i < size; i++) {
                newest = Math.max(newest, times[i]);
            }
            return newest;
        }

        /// Appends the samples of a slot in `[startMs, endMs)`, unsorted.
        public void read(int slot, long startMs, long endMs, SampleColumns into) {
            for (int i = 0; i < size; i++) {
                if (slots[i] == slot && times[i] >= startMs && times[i] < endMs) {
                    into.append(times[i], Double.longBitsToDouble(values[i]));
                }
            }
        }
    }
}
