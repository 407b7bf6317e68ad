package dev.muster.model.sample;

import java.util.Arrays;

/// Samples of one series as two growing columns of equal length, ascending in time.
///
/// The caller that creates it owns it and passes it to a reader again and again, so that a scan
/// allocates nothing in steady state. The arrays handed out belong to this object: they are valid
/// up to [#size()] and until the next call that appends. Confined to one thread.
public final class SampleColumns {
    private long[] timestampsMs;
    private double[] values;
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

    public void clear() {
        size = 0;
    }

    public void append(long timestampMs, double value) {
        if (size == timestampsMs.length) {
            reserve(1);
        }
        timestampsMs[size] = timestampMs;
        values[size] = value;
        size++;
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
    /// before.
    public void resize(int newSize) {
        if (newSize < 0 || newSize > timestampsMs.length) {
            throw new IllegalArgumentException(
                    "size must be within capacity: size="
                            + newSize
                            + ", capacity="
                            + timestampsMs.length);
        }
        size = newSize;
    }
}
