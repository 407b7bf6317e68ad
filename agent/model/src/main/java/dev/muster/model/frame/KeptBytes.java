package dev.muster.model.frame;

import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// A stream that was received to its end, in a [FrameStore] until it is read. Immutable; readable
/// until the store is closed.
public final class KeptBytes {
    private static final int CHUNK_BYTES = 64 << 10;

    private final List<KeptFrame> chunks;
    private final int lastBytes;

    private KeptBytes(List<KeptFrame> chunks, int lastBytes) {
        this.chunks = chunks;
        this.lastBytes = lastBytes;
    }

    /// Reads to the end of the stream; does not close it.
    ///
    /// @param budget charged with the bytes, chunk by chunk
    public static KeptBytes read(InputStream in, FrameStore store, ReadBudget budget)
            throws IOException {
        List<KeptFrame> chunks = new ArrayList<>();
        while (true) {
            byte[] chunk = in.readNBytes(CHUNK_BYTES);
            budget.chargeFetchedBytes(chunk.length);
            if (chunk.length > 0) {
                chunks.add(store.keep(chunk));
            }
            if (chunk.length < CHUNK_BYTES) {
                return new KeptBytes(List.copyOf(chunks), chunk.length);
            }
            budget.check();
        }
    }

    /// How many bytes there are.
    public long size() {
        return lastBytes == 0
                ? (long) CHUNK_BYTES * chunks.size()
                : (long) CHUNK_BYTES * (chunks.size() - 1) + lastBytes;
    }

    /// The stream anew, from its begin.
    public InputStream open() {
        return new Chunks();
    }

    private int size(int chunk) {
        return chunk + 1 == chunks.size() && lastBytes > 0 ? lastBytes : CHUNK_BYTES;
    }

    /// Confined to one thread.
    private final class Chunks extends InputStream {
        private final KeptFrame.Buffer buffer = new KeptFrame.Buffer();
        private ByteSource current = new ByteSource(new byte[0], 0, 0);
        private int next;

        @Override
        public int read() throws IOException {
            return fill() ? current.readByte() : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, current.left());
            current.readBytes(into, offset, count);
            return count;
        }

        /// @return false at the end
        private boolean fill() throws IOException {
            if (!current.exhausted()) {
                return true;
            }
            if (next == chunks.size()) {
                return false;
            }
            current = chunks.get(next).slice(0, size(next), buffer);
            next++;
            return true;
        }
    }
}
