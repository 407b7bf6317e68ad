package dev.muster.head.memory;

import dev.muster.head.chunk.ChunkFile;
import dev.muster.head.chunk.ChunkKind;
import dev.muster.head.chunk.LateBuffer;
import dev.muster.head.chunk.SealedChunk;
import dev.muster.head.chunk.TickDecoder;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An origin at one moment: what is committed later is not in it. Immutable, but for the damaged
/// chunks that are found while it is made.
///
/// The open chunk is not copied. It is read under the lock of the origin as long as it is open, up
/// to the ticks that it had; afterwards from the chunk that it was sealed to.
final class OriginView {
    private final Origin origin;
    private final SealedChunk[] sealed;
    private final @Nullable Generation generation;
    private final int ticks;
    private final long firstTickMs;
    private final long lastTickMs;
    private final LateBuffer.View late;

    OriginView(
            Origin origin,
            SealedChunk[] sealed,
            @Nullable Generation generation,
            int ticks,
            long firstTickMs,
            long lastTickMs,
            LateBuffer.View late) {
        this.origin = origin;
        this.sealed = sealed;
        this.generation = generation;
        this.ticks = ticks;
        this.firstTickMs = firstTickMs;
        this.lastTickMs = lastTickMs;
        this.late = late;
    }

    boolean overlaps(long startMs, long endMs) {
        for (SealedChunk chunk : sealed) {
            if (chunk.overlaps(startMs, endMs)) {
                return true;
            }
        }
        return openOverlaps(startMs, endMs) || late.overlaps(startMs, endMs);
    }

    /// `Long.MAX_VALUE` if there are no samples.
    long oldestMs() {
        long oldest = ticks > 0 ? firstTickMs : Long.MAX_VALUE;
        for (SealedChunk chunk : sealed) {
            oldest = Math.min(oldest, chunk.firstMs());
        }
        return Math.min(oldest, late.oldestMs());
    }

    /// `Long.MIN_VALUE` if there are no samples.
    long newestMs() {
        long newest = ticks > 0 ? lastTickMs : Long.MIN_VALUE;
        for (SealedChunk chunk : sealed) {
            newest = Math.max(newest, chunk.lastMs());
        }
        return Math.max(newest, late.newestMs());
    }

    private boolean openOverlaps(long startMs, long endMs) {
        return ticks > 0 && firstTickMs < endMs && lastTickMs >= startMs;
    }

    /// The chunks of the span that hold series which are not in memory.
    List<SealedChunk> series(long startMs, long endMs) throws IOException {
        List<SealedChunk> found = new ArrayList<>();
        for (SealedChunk chunk : sealed) {
            if (chunk.kind() == ChunkKind.SERIES
                    && chunk.overlaps(startMs, endMs)
                    && chunk.sound()) {
                found.add(chunk);
            }
        }
        return found;
    }

    /// Hands out the files that reading the span needs.
    void files(long startMs, long endMs, Consumer<ChunkFile> action) {
        for (SealedChunk chunk : sealed) {
            if (chunk.overlaps(startMs, endMs)) {
                action.accept(chunk.file());
            }
        }
        if (generation != null && openOverlaps(startMs, endMs)) {
            action.accept(generation.file());
        }
    }

    /// Hands out the chunks of the span that are damaged; they are left out when reading.
    void damaged(long startMs, long endMs, Consumer<SealedChunk> action) throws IOException {
        for (SealedChunk chunk : sealed) {
            if (chunk.overlaps(startMs, endMs) && !chunk.sound()) {
                action.accept(chunk);
            }
        }
    }

    /// Appends the samples of a slot at ticks in `[startMs, endMs)`, ascending.
    void ticks(
            int slot,
            Reach reach,
            long startMs,
            long endMs,
            TickDecoder decoder,
            ReadBudget budget,
            SampleColumns into)
            throws IOException {
        for (SealedChunk chunk : sealed) {
            if (chunk.kind() == ChunkKind.TICKS
                    && reach.holds(chunk)
                    && chunk.overlaps(startMs, endMs)
                    && chunk.sound()) {
                int before = into.size();
                chunk.read(slot, startMs, endMs, decoder, into);
                charge(into, before, budget);
            }
        }
        if (generation != null && reach.isOpen() && openOverlaps(startMs, endMs)) {
            int before = into.size();
            open(generation, slot, startMs, Math.min(endMs, lastTickMs + 1), decoder, into);
            charge(into, before, budget);
        }
    }

    private static void charge(SampleColumns read, int from, ReadBudget budget) {
        long weight = (long) read.size() - from;
        for (int i = from; read.hasHistograms() && i < read.size(); i++) {
            NativeHistogram histogram = read.histogram(i);
            weight += histogram == null ? 0 : histogram.weightInSamples();
        }
        budget.chargeSamples(Math.toIntExact(weight));
    }

    private void open(
            Generation seen,
            int slot,
            long startMs,
            long endMs,
            TickDecoder decoder,
            SampleColumns into)
            throws IOException {
        int length;
        int count;
        byte @Nullable [] side = null;
        origin.lock.lock();
        try {
            if (origin.generation() != seen) {
                length = -1;
                count = 0;
            } else {
                length = origin.open.copyStream(slot, decoder.stream());
                count = Math.min(ticks, origin.open.count(slot));
                side = origin.open.copySide(slot);
                origin.open.copyClock(count, decoder.times());
            }
        } finally {
            origin.lock.unlock();
        }
        if (length >= 0) {
            decoder.decode(length, count, startMs, endMs, side, into);
            return;
        }
        SealedChunk chunk = seen.sealed();
        if (chunk == null) {
            throw new IOException(
                    "head origin="
                            + origin.name
                            + ": window must be held while it is read: startMs="
                            + seen.windowMs());
        }
        chunk.read(slot, startMs, endMs, decoder, into);
    }

    /// Appends the late samples of a slot in `[startMs, endMs)`, in no order.
    void late(
            int slot,
            Reach reach,
            long startMs,
            long endMs,
            TickDecoder decoder,
            SampleColumns into)
            throws IOException {
        for (SealedChunk chunk : sealed) {
            if (chunk.kind() == ChunkKind.LATE
                    && reach.holds(chunk)
                    && chunk.overlaps(startMs, endMs)
                    && chunk.sound()) {
                chunk.read(slot, startMs, endMs, decoder, into);
            }
        }
        if (reach.isOpen()) {
            late.read(slot, startMs, endMs, into);
        }
    }
}
