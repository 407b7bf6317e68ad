package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteWriter;
import dev.muster.model.histogram.NativeHistogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What some slots of the open chunk have beside the bits of their values: histograms and start
/// times. There is none where no slot has any. Guarded by the lock of the origin.
final class OpenSide {
    private @Nullable HistogramStream[] streams = new HistogramStream[0];
    private int streamCount;
    private long histogramBytes;
    private final StartTimes starts = new StartTimes();

    StartTimes starts() {
        return starts;
    }

    @Nullable HistogramStream stream(int slot) {
        return slot < streams.length ? streams[slot] : null;
    }

    void append(int slot, int tick, NativeHistogram histogram, int key) {
        histogramBytes += streamFor(slot, histogram).append(tick, histogram, key);
    }

    void rebase(int slot, NativeHistogram histogram, int key) {
        streamFor(slot, histogram).rebase(histogram, key);
    }

    private HistogramStream streamFor(int slot, NativeHistogram histogram) {
        if (slot >= streams.length) {
            streams = Arrays.copyOf(streams, slot + 1 + (slot >> 2));
        }
        HistogramStream stream = streams[slot];
        if (stream == null) {
            stream = new HistogramStream(histogram);
            streams[slot] = stream;
            streamCount++;
        }
        return stream;
    }

    /// How many slots have had histograms.
    int streamCount() {
        return streamCount;
    }

    boolean has(int slot) {
        return stream(slot) != null || starts.has(slot);
    }

    /// Writes what the slot has at the first `ticks` ticks, as [SideReader] reads it.
    void write(int slot, int ticks, ByteWriter into) {
        starts.write(slot, ticks, into);
        HistogramStream stream = stream(slot);
        if (stream != null) {
            stream.copyTo(into);
        }
    }

    /// Forgets the ticks.
    void clear() {
        for (HistogramStream stream : streams) {
            if (stream != null) {
                stream.clear();
            }
        }
        histogramBytes = 0;
        starts.clear();
    }

    /// Forgets all histograms, the newest ones, too.
    void release() {
        streams = new HistogramStream[0];
        streamCount = 0;
    }

    /// The slot, which has no sample in the open chunk, lost its series.
    void forget(int slot) {
        starts.set(slot, 0, 0);
        if (stream(slot) != null) {
            streams[slot] = null;
            streamCount--;
        }
    }

    /// Memory of what goes when the chunk is sealed.
    long poolBytes() {
        return histogramBytes + starts.changeBytes();
    }

    /// Memory of this object, roughly.
    long sizeBytes() {
        long bytes = 64 + streams.length * 4L + starts.sizeBytes();
        for (HistogramStream stream : streams) {
            bytes += stream == null ? 0 : stream.sizeBytes();
        }
        return bytes;
    }
}
