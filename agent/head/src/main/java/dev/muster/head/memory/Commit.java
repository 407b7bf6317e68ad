package dev.muster.head.memory;

import dev.muster.head.bytes.ByteWriter;
import dev.muster.head.chunk.OpenChunk;
import dev.muster.head.wal.CommitEncoder;
import dev.muster.head.wal.Wal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One commit: makes room, logs, then applies, so that a failure before the last step leaves no
/// trace. Runs under the lock of the origin.
final class Commit {
    private final Store store;
    private final Origin origin;
    private final Staging staging;
    private final long tickMs;

    Commit(Store store, Origin origin, Staging staging, long tickMs) {
        this.store = store;
        this.origin = origin;
        this.staging = staging;
        this.tickMs = tickMs;
    }

    void run() throws IOException {
        if (staging.size() == 0 && origin.log.pending.size() == 0) {
            return;
        }
        staging.grow(origin.slots());
        makeRoom();
        log();
        apply(origin, staging, tickMs);
        store.counters().samples.add(staging.size());
    }

    private void makeRoom() throws IOException {
        if (staging.presentCount() > 0) {
            origin.makeRoom(tickMs, store.windows(), store.slotBytes(), staging.record());
        }
        for (int i = 0; i < staging.lateCount(); i++) {
            store.windows().file(store.windows().startOf(staging.lateTimes()[i]));
        }
        if (origin.lateIsFull()) {
            origin.sealLate(store.windows(), staging.record());
        }
    }

    private void log() throws IOException {
        Wal wal = store.wal();
        OriginLog log = origin.log;
        boolean ticks = staging.presentCount() > 0;
        long sequence;
        int segment;
        do {
            segment = wal.segment();
            @Nullable String name = log.nameSegment == segment ? null : origin.name;
            encode(ticks, log.keySegment != segment, name, staging.record());
            sequence = wal.append(staging.record(), segment);
        } while (sequence == Wal.SEGMENT_CHANGED);
        log.logged(sequence, segment, ticks);
    }

    private void encode(boolean ticks, boolean key, @Nullable String name, ByteWriter record) {
        OriginLog log = origin.log;
        CommitEncoder encoder = new CommitEncoder(record);
        encoder.start(
                origin.number,
                log.lastSequence,
                log.definitions,
                name,
                log.pending.size(),
                staging.lateCount());
        if (log.pending.size() > 0) {
            encoder.definitions(log.pendingBytes);
        }
        if (ticks) {
            encoder.ticks(
                    key,
                    staging.presentCount() == origin.slots(),
                    tickMs,
                    origin.slots(),
                    staging.present(),
                    staging.values(),
                    origin.open.lasts());
        }
        if (staging.lateCount() > 0) {
            encoder.late(
                    staging.lateCount(),
                    staging.lateSlots(),
                    staging.lateTimes(),
                    staging.lateValues());
        }
    }

    private static void apply(Origin origin, Staging staging, long tickMs) {
        if (staging.presentCount() > 0) {
            origin.tick(tickMs);
            put(origin.open, origin.slots(), staging.present(), staging.values());
        }
        for (int i = 0; i < staging.lateCount(); i++) {
            origin.addLate(staging.lateSlots()[i], staging.lateTimes()[i], staging.lateValues()[i]);
        }
    }

    /// Puts the values of the slots that have one at the newest tick.
    static void put(OpenChunk open, int slots, long[] present, long[] values) {
        for (int first = 0; first < slots; first += 64) {
            long mask = present[first >>> 6];
            if (mask == -1L) {
                for (int slot = first; slot < first + 64; slot++) {
                    open.put(slot, values[slot]);
                }
            } else {
                for (long rest = mask; rest != 0; rest &= rest - 1) {
                    int slot = first + Long.numberOfTrailingZeros(rest);
                    open.put(slot, values[slot]);
                }
            }
        }
    }
}
