package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteReader;
import dev.muster.head.bytes.ByteWriter;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

    /// By entry, where the value is the marker; null until there is one.
    private @Nullable NativeHistogram @Nullable [] histograms;

    /// By entry; null until there is one.
    private long @Nullable [] starts;

    private long histogramBytes;
    private int size;

    public int size() {
        return size;
    }

    public long sizeBytes() {
        return slots.length * 20L
                + (starts == null ? 0 : starts.length * 8L)
                + (histograms == null ? 0 : histograms.length * 4L + histogramBytes);
    }

    public long timeMs(int index) {
        return times[index];
    }

    public int slot(int index) {
        return slots[index];
    }

    /// @param histogram where the value is the marker
    /// @param startMs since when it counts; 0 if that is not known
    public void add(
            int slot, long timeMs, long value, @Nullable NativeHistogram histogram, long startMs) {
        add(slot, timeMs, value);
        if (histogram != null) {
            put(histogram);
        }
        if (startMs != 0) {
            long[] known = starts;
            starts =
                    known == null
                            ? new long[slots.length]
                            : known.length < size ? Arrays.copyOf(known, slots.length) : known;
            starts[size - 1] = startMs;
        }
    }

    private void put(NativeHistogram histogram) {
        @Nullable NativeHistogram[] known =
                histograms == null ? new NativeHistogram[slots.length] : histograms;
        if (known.length < size) {
            known = Arrays.copyOf(known, slots.length);
        }
        known[size - 1] = histogram;
        histograms = known;
        long buckets = (long) histogram.positive().size() + histogram.negative().size();
        histogramBytes += 144 + 12 * buckets;
    }

    private @Nullable NativeHistogram histogram(int index) {
        return histograms == null || index >= histograms.length ? null : histograms[index];
    }

    private long startMs(int index) {
        return starts == null || index >= starts.length ? 0 : starts[index];
    }

    private void add(int slot, long timeMs, long value) {
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
        return new View(slots, times, values, histograms, starts, size);
    }

    /// Removes the entries in `[startMs, endMs)`. The buffer must not be shared with a view.
    public LateBuffer without(long startMs, long endMs) {
        LateBuffer rest = new LateBuffer();
        for (int i = 0; i < size; i++) {
            if (times[i] < startMs || times[i] >= endMs) {
                rest.add(slots[i], times[i], values[i], histogram(i), startMs(i));
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
        int body = into.size() - ChunkHeader.BYTES;
        int index = into.size();
        into.skip(distinct * INDEX_BYTES);
        int streams = into.size();
        for (int from = 0; from < order.length; index += INDEX_BYTES) {
            int to = sameSlot(order, from);
            into.putU32(index, slots[order[from]]);
            into.putU32(index + 4, into.size() - streams);
            stream(order, from, to, firstMs, into);
            from = to;
        }
        side(order, body, into);
        return new Span(firstMs, lastMs);
    }

    /// Writes the section of histograms and start times, where an entry has one.
    private void side(int[] order, int body, ByteWriter into) {
        int entries = 0;
        for (int from = 0, to; from < order.length; from = to) {
            to = sameSlot(order, from);
            entries += hasSide(order, from, to) ? 1 : 0;
        }
        if (entries == 0) {
            return;
        }
        into.array()[body + ChunkHeader.FLAGS_AT] |= ChunkHeader.SIDE;
        SideSection section = new SideSection(into, body, entries);
        for (int from = 0, to; from < order.length; from = to) {
            to = sameSlot(order, from);
            if (hasSide(order, from, to)) {
                section.slot(slots[order[from]]);
                starts(order, from, to, into);
                histograms(order, from, to, into);
            }
        }
        section.end();
    }

    private int sameSlot(int[] order, int from) {
        int to = from + 1;
        while (to < order.length && slots[order[to]] == slots[order[from]]) {
            to++;
        }
        return to;
    }

    private boolean hasSide(int[] order, int from, int to) {
        for (int i = from; i < to; i++) {
            if (histogram(order[i]) != null || startMs(order[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    private void starts(int[] order, int from, int to, ByteWriter into) {
        int changes = 0;
        for (int i = from; i < to; i++) {
            changes += startMs(order[i]) != (i == from ? 0 : startMs(order[i - 1])) ? 1 : 0;
        }
        into.varint(changes);
        int position = from;
        long before = 0;
        for (int i = from; i < to; i++) {
            long startMs = startMs(order[i]);
            if (startMs != before) {
                into.varint(i - position);
                into.zigzag(startMs - before);
                position = i;
                before = startMs;
            }
        }
    }

    private void histograms(int[] order, int from, int to, ByteWriter into) {
        NativeHistogram base = null;
        int position = from - 1;
        for (int i = from; i < to; i++) {
            NativeHistogram histogram = histogram(order[i]);
            if (histogram != null) {
                HistogramCodec.write(histogram, base, i - position - 1, into);
                base = histogram;
                position = i;
            }
        }
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

    /// Appends the samples in `[startMs, endMs)`.
    ///
    /// @return the times of all samples of the stream
    static long[] decode(
            byte[] stream, long firstMs, long startMs, long endMs, SampleColumns into) {
        ByteReader reader = new ByteReader(stream, 0, stream.length);
        long[] times = new long[reader.count()];
        long time = firstMs;
        long value = 0;
        for (int i = 0; i < times.length; i++) {
            time += reader.varint();
            value ^= reader.sparse();
            times[i] = time;
            if (time >= startMs && time < endMs) {
                into.append(time, Double.longBitsToDouble(value));
            }
        }
        return times;
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
        public static final View EMPTY =
                new View(new int[0], new long[0], new long[0], null, null, 0);

        private final int[] slots;
        private final long[] times;
        private final long[] values;
        private final @Nullable NativeHistogram @Nullable [] histograms;
        private final long @Nullable [] starts;
        private final int size;

        private View(
                int[] slots,
                long[] times,
                long[] values,
                @Nullable NativeHistogram @Nullable [] histograms,
                long @Nullable [] starts,
                int size) {
            this.slots = slots;
            this.times = times;
            this.values = values;
            this.histograms = histograms;
            this.starts = starts;
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
                    side(i, into);
                }
            }
        }

        private void side(int index, SampleColumns into) {
            if (histograms != null && index < histograms.length) {
                NativeHistogram histogram = histograms[index];
                if (histogram != null) {
                    into.setHistogram(into.size() - 1, histogram);
                }
            }
            if (starts != null && index < starts.length && starts[index] != 0) {
                into.setStart(into.size() - 1, starts[index]);
            }
        }
    }
}
