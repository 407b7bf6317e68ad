package dev.muster.head.wal;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.HistogramMarker;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Samples with times of their own, by column. Those of histograms and start times are there only
/// once there was one. Confined to one thread.
public final class LateColumns {
    private int[] slots = new int[16];
    private long[] times = new long[16];
    private long[] values = new long[16];
    private @Nullable NativeHistogram[] histograms = new NativeHistogram[0];
    private long[] starts = new long[0];
    private boolean someHistograms;
    private boolean someStarts;
    private int size;

    public int size() {
        return size;
    }

    public int slot(int index) {
        return slots[index];
    }

    public long timeMs(int index) {
        return times[index];
    }

    /// Bits of the value.
    public long value(int index) {
        return values[index];
    }

    /// The histogram of an entry whose value is the marker.
    public @Nullable NativeHistogram histogram(int index) {
        return someHistograms && index < histograms.length ? histograms[index] : null;
    }

    /// 0 if it is not known.
    public long startMs(int index) {
        return someStarts && index < starts.length ? starts[index] : 0;
    }

    /// Is there a histogram or a start time?
    public boolean hasSide() {
        return someHistograms || someStarts;
    }

    boolean hasHistograms() {
        return someHistograms;
    }

    boolean hasStarts() {
        return someStarts;
    }

    /// The newest entry of this slot and time; -1 if there is none.
    public int find(int slot, long timeMs) {
        for (int i = size - 1; i >= 0; i--) {
            if (slots[i] == slot && times[i] == timeMs) {
                return i;
            }
        }
        return -1;
    }

    public void add(int slot, long timeMs, long value) {
        if (size == slots.length) {
            slots = Arrays.copyOf(slots, size * 2);
            times = Arrays.copyOf(times, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        slots[size] = slot;
        times[size] = timeMs;
        values[size] = value;
        size++;
    }

    /// Sets the histogram of an entry.
    public void histogram(int index, NativeHistogram histogram) {
        if (index >= histograms.length) {
            histograms = Arrays.copyOf(histograms, slots.length);
        }
        histograms[index] = histogram;
        values[index] = HistogramMarker.BITS;
        someHistograms = true;
    }

    /// Sets the start time of an entry.
    public void start(int index, long startMs) {
        if (index >= starts.length) {
            starts = Arrays.copyOf(starts, slots.length);
        }
        starts[index] = startMs;
        someStarts |= startMs != 0;
    }

    public void clear() {
        if (someHistograms) {
            Arrays.fill(histograms, null);
        }
        if (someStarts) {
            Arrays.fill(starts, 0);
        }
        someHistograms = false;
        someStarts = false;
        size = 0;
    }

    /// Memory of this object, roughly.
    public long sizeBytes() {
        return slots.length * 20L + histograms.length * 4L + starts.length * 8L;
    }
}
