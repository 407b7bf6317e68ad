package dev.muster.head.memory;

import dev.muster.head.bytes.ByteWriter;
import dev.muster.head.chunk.ChunkFile;
import dev.muster.head.chunk.ChunkKind;
import dev.muster.head.chunk.SealedChunk;
import dev.muster.head.chunk.SeriesChunk;
import dev.muster.head.index.Numbers;
import dev.muster.head.index.SeriesIndex;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Takes series without recent samples out of memory: writes their labels beside their sealed
/// samples, in each chunk file that has some, then frees their slots. Selects find them there.
///
/// Runs under the write lock of the index and the lock of the origin, or while the store opens.
final class Retirement {
    /*
     * A slot that is free gets another series sooner or later. Whose samples a chunk holds in a slot is known
     * from when it was sealed: a series in memory has those from the chunk on that came next when it got its slot
     * (`born`); one in a chunk of series has those before that chunk in the same file, from an offset on. Replay
     * knows no retirement: it meets the definition of another series in the slot, and retires the one before then.
     */

    private final Store store;
    private final Origin origin;
    private final ByteWriter buffer;

    Retirement(Store store, Origin origin, ByteWriter buffer) {
        this.store = store;
        this.origin = origin;
        this.buffer = buffer;
    }

    /// Retires the series of these slots, all samples of which are sealed.
    ///
    /// @throws IOException if they could not be written; they are still in memory then
    void run(IntList slots) throws IOException {
        Map<ChunkFile, Batch> batches = new LinkedHashMap<>();
        BitSet wanted = new BitSet();
        for (int i = 0; i < slots.size(); i++) {
            wanted.set(slots.at(i));
        }
        for (SealedChunk chunk : origin.sealed()) {
            if (chunk.kind() != ChunkKind.SERIES && chunk.sound()) {
                Batch batch = batches.computeIfAbsent(chunk.file(), file -> new Batch());
                chunk.slots(slot -> {
                    if (wanted.get(slot) && chunk.number() >= origin.born(slot)) {
                        batch.add(slot, chunk);
                    }
                });
            }
        }
        for (Map.Entry<ChunkFile, Batch> entry : batches.entrySet()) {
            if (!entry.getValue().fromBytes.isEmpty()) {
                write(entry.getKey(), entry.getValue());
            }
        }
        Numbers gone = new Numbers();
        for (int i = 0; i < slots.size(); i++) {
            gone.set(origin.series(slots.at(i)));
            forget(slots.at(i));
        }
        store.index().removeAll(gone);
    }

    /// The series that have samples in one file.
    private static final class Batch {
        private final Map<Integer, Long> fromBytes = new HashMap<>();
        private long firstMs = Long.MAX_VALUE;
        private long lastMs = Long.MIN_VALUE;

        void add(int slot, SealedChunk chunk) {
            fromBytes.merge(slot, chunk.offsetBytes(), Math::min);
            firstMs = Math.min(firstMs, chunk.firstMs());
            lastMs = Math.max(lastMs, chunk.lastMs());
        }
    }

    private void write(ChunkFile file, Batch batch) throws IOException {
        SeriesChunk series = new SeriesChunk();
        SeriesIndex index = store.index();
        batch.fromBytes.forEach((slot, fromBytes) -> {
            int number = origin.series(slot);
            series.add(slot, fromBytes, index.labels(number), index.metadata(number));
        });
        buffer.clear();
        buffer.skip(ChunkFile.RECORD_HEADER_BYTES);
        series.write(origin.number, batch.firstMs, batch.lastMs, buffer);
        origin.add(
                SealedChunk.append(
                        file,
                        ChunkKind.SERIES,
                        batch.firstMs,
                        batch.lastMs,
                        origin.nextChunk(),
                        buffer));
        store.counters().retired.add(series.count());
    }

    private void forget(int slot) {
        store.exemplars().forget(origin, slot);
        origin.free(slot);
        OriginAppender appender = origin.appender();
        if (appender != null) {
            appender.forget(slot);
        }
    }
}
