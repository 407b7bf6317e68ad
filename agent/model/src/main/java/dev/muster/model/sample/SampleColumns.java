package dev.muster.model.sample;

import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Samples of one series as growing columns of equal length, ascending in time: times, values, and,
/// only once there is something to put into them, native histograms and start times.
///
/// Where a sample is a histogram, its value is [HistogramMarker#VALUE]. The caller that creates it
/// owns it and passes it to a reader again and again, so that a scan allocates nothing in steady
/// state. The arrays handed out belong to this object: they are valid up to [#size()] and until the
/// next call that appends. Confined to one thread.
public final class SampleColumns {
    private long[] timestampsMs;
    private double[] values;
    private @Nullable NativeHistogram @Nullable [] histograms;
    private long @Nullable [] startsMs;
    private boolean someHistograms;
    private boolean someStarts;
    private int size;

    public SampleColumns() {
        this(128);
    }

    /// @param capacity room for so many samples before the arrays grow; at least 0
    public SampleColumns(int capacity) {
        timestampsMs = new long[capacity];
        values = new double[capacity];
    }

    public int size() {
        return size;
    }

    /// Unix time in milliseconds; entries from [#size()] on are undefined.
    public long[] timestampsMs() {
        return timestampsMs;
    }

    /// Values, staleness markers among them; entries from [#size()] on are undefined.
    public double[] values() {
        return values;
    }

    /// Does a sample among these have a histogram? False once [#clear()] was called.
    public boolean hasHistograms() {
        return someHistograms;
    }

    /// The histogram of sample `index`; null where it is a number or a staleness marker.
    public @Nullable NativeHistogram histogram(int index) {
        return histograms != null && index < histograms.length ? histograms[index] : null;
    }

    /// Does a sample among these have a start time? False once [#clear()] was called.
    public boolean hasStarts() {
        return someStarts;
    }

    /// When sample `index` began to count, Unix time in milliseconds; 0 where that is not known.
    public long startMs(int index) {
        return startsMs != null && index < startsMs.length ? startsMs[index] : 0;
    }

    public void clear() {
        resize(0);
        someHistograms = false;
        someStarts = false;
    }

    /// Appends a histogram.
    public void append(long timestampMs, NativeHistogram histogram) {
        append(timestampMs, HistogramMarker.VALUE);
        setHistogram(size - 1, histogram);
    }

    /// Makes sample `index`, which is there, a histogram.
    public void setHistogram(int index, NativeHistogram histogram) {
        Objects.checkIndex(index, size);
        if (histograms == null || index >= histograms.length) {
            histograms =
                    histograms == null
                            ? new @Nullable NativeHistogram[timestampsMs.length]
                            : Arrays.copyOf(histograms, timestampsMs.length);
        }
        histograms[index] = histogram;
        someHistograms = true;
        values[index] = HistogramMarker.VALUE;
    }

    /// Says when sample `index`, which is there, began to count.
    ///
    /// @param startMs Unix time; 0 for not known
    public void setStart(int index, long startMs) {
        Objects.checkIndex(index, size);
        if (startMs == 0 && (startsMs == null || index >= startsMs.length)) {
            return;
        }
        if (startsMs == null || index >= startsMs.length) {
            startsMs =
                    startsMs == null
                            ? new long[timestampsMs.length]
                            : Arrays.copyOf(startsMs, timestampsMs.length);
        }
        startsMs[index] = startMs;
        someStarts = true;
    }

    public void append(long timestampMs, double value) {
        if (size == timestampsMs.length) {
            reserve(1);
        }
        timestampsMs[size] = timestampMs;
        values[size] = value;
        size++;
    }

    /// Appends sample `index` of other columns as it is, with its start time.
    public void appendFrom(SampleColumns other, int index) {
        appendFrom(other, index, index + 1);
    }

    /// Appends samples `from` to `to` (exclusive) of other columns as they are, with their start
    /// times.
    public void appendFrom(SampleColumns other, int from, int to) {
        Objects.checkFromToIndex(from, to, other.size);
        reserve(to - from);
        int at = size;
        System.arraycopy(other.timestampsMs, from, timestampsMs, at, to - from);
        System.arraycopy(other.values, from, values, at, to - from);
        size = at + to - from;
        if (other.someHistograms || other.someStarts) {
            for (int i = from; i < to; i++) {
                NativeHistogram histogram = other.histogram(i);
                if (histogram != null) {
                    setHistogram(at + i - from, histogram);
                }
                setStart(at + i - from, other.startMs(i));
            }
        }
    }

    /// Puts sample `from` into the place of sample `to` too: how samples are moved up over others.
    public void copy(int from, int to) {
        Objects.checkIndex(from, size);
        Objects.checkIndex(to, size);
        timestampsMs[to] = timestampsMs[from];
        values[to] = values[from];
        if (someHistograms) {
            NativeHistogram histogram = histogram(from);
            if (histogram != null) {
                setHistogram(to, histogram);
            } else if (histograms != null && to < histograms.length) {
                histograms[to] = null;
            }
        }
        if (someStarts) {
            setStart(to, startMs(from));
        }
    }

    /// Says that sample `index` is not, or not surely, the next after the one before it here: a
    /// histogram's word on counter resets then holds no longer.
    public void disconnect(int index) {
        NativeHistogram histogram = histogram(index);
        if (histogram != null && histogram.counterReset() != CounterReset.GAUGE) {
            setHistogram(index, histogram.withCounterReset(CounterReset.UNKNOWN));
        }
    }

    /// Makes room for `more` samples beyond [#size()].
    public void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > timestampsMs.length) {
            int capacity =
                    Math.max(
                            needed,
                            Math.max(16, (int) Math.min(Integer.MAX_VALUE - 8L, size * 2L)));
            timestampsMs = Arrays.copyOf(timestampsMs, capacity);
            values = Arrays.copyOf(values, capacity);
        }
    }

    /// Sets the size after a caller has filled the arrays directly, having called [#reserve(int)]
    /// before. Samples that are cut off lose their histograms and start times.
    public void resize(int newSize) {
        if (newSize < 0 || newSize > timestampsMs.length) {
            throw new IllegalArgumentException(
                    "size must be within capacity: size="
                            + newSize
                            + ", capacity="
                            + timestampsMs.length);
        }
        if (someHistograms && histograms != null && newSize < size) {
            Arrays.fill(
                    histograms,
                    Math.min(newSize, histograms.length),
                    Math.min(size, histograms.length),
                    null);
        }
        if (someStarts && startsMs != null && newSize < size) {
            Arrays.fill(
                    startsMs,
                    Math.min(newSize, startsMs.length),
                    Math.min(size, startsMs.length),
                    0);
        }
        size = newSize;
    }
}
