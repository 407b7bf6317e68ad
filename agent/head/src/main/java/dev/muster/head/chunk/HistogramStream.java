package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteWriter;
import dev.muster.model.histogram.NativeHistogram;
import org.jspecify.annotations.Nullable;

/// The histograms of one slot in the open chunk, encoded, and the newest of them as it is: the base
/// of the next one, in the chunk and in the log. Guarded by the lock of the origin.
final class HistogramStream {
    private static final long OBJECT_BYTES = 200;

    private final ByteWriter bytes = new ByteWriter(64);
    private int lastTick = -1;
    private NativeHistogram last;

    /// Which key record of the log, or a later one, has told the newest histogram.
    private int loggedKey;

    HistogramStream(NativeHistogram last) {
        this.last = last;
    }

    NativeHistogram last() {
        return last;
    }

    int loggedKey() {
        return loggedKey;
    }

    /// Sets the newest histogram where no tick of the chunk says it.
    void rebase(NativeHistogram histogram, int key) {
        last = histogram;
        loggedKey = key;
    }

    /// @return bytes that it took
    int append(int tick, NativeHistogram histogram, int key) {
        int before = bytes.size();
        @Nullable NativeHistogram base = lastTick < 0 ? null : last;
        HistogramCodec.write(histogram, base, tick - lastTick - 1, bytes);
        lastTick = tick;
        rebase(histogram, key);
        return bytes.size() - before;
    }

    void copyTo(ByteWriter into) {
        into.bytes(bytes.array(), 0, bytes.size());
    }

    /// Forgets the histograms, keeps the newest as the log's base.
    void clear() {
        bytes.shrink(Math.min(bytes.array().length, 256));
        lastTick = -1;
    }

    /// Memory of this object, roughly.
    long sizeBytes() {
        long buckets = (long) last.positive().size() + last.negative().size();
        return OBJECT_BYTES + bytes.array().length + 12 * buckets;
    }
}
