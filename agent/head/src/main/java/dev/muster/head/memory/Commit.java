package dev.muster.head.memory;

import static java.util.Objects.requireNonNull;

import dev.muster.head.bytes.ByteWriter;
import dev.muster.head.chunk.OpenChunk;
import dev.muster.head.wal.CommitEncoder;
import dev.muster.head.wal.LateColumns;
import dev.muster.head.wal.Wal;
import dev.muster.model.histogram.NativeHistogram;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One commit: makes room, logs, then applies, so that a failure before the last step leaves no
/// trace. Runs under the lock of the origin.
final class Commit {
    /// Is not changed.
    private static final IntList NO_SLOTS = new IntList();

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
        if (staging.isEmpty() && origin.log.pending.size() == 0) {
            return;
        }
        staging.grow(origin.slots());
        makeRoom();
        log();
        apply();
        store.counters().samples.add(staging.size());
    }

    private void makeRoom() throws IOException {
        if (staging.presentCount() > 0) {
            origin.makeRoom(tickMs, store.windows(), store.slotBytes(), staging.record());
        }
        for (int i = 0; i < staging.late().size(); i++) {
            store.windows().file(store.windows().startOf(staging.late().timeMs(i)));
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
        boolean key;
        do {
            segment = wal.segment();
            @Nullable String name = log.nameSegment == segment ? null : origin.name;
            key = ticks && log.keySegment != segment;
            encode(ticks, key, name, staging.record());
            sequence = wal.append(staging.record(), segment);
        } while (sequence == Wal.SEGMENT_CHANGED);
        log.logged(sequence, segment, key);
        if (key) {
            // as replay does: the log before a restart may have had more slots than there are now
            origin.open.rebaseFrom(origin.slots());
        }
    }

    private void encode(boolean ticks, boolean key, @Nullable String name, ByteWriter record) {
        OriginLog log = origin.log;
        CommitEncoder encoder = new CommitEncoder(record);
        StagedSide side = staging.sideOrNull();
        IntList known = startsToTell(key);
        encoder.start(
                origin.number,
                log.lastSequence,
                log.definitions,
                name,
                log.pending.size(),
                staging.late().size(),
                side != null || known.size() > 0 || staging.late().hasSide());
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
        if (side != null) {
            encodeHistograms(side, key, encoder);
        }
        if (staging.late().size() > 0) {
            encoder.late(staging.late());
        }
        encodeStarts(known, side, encoder);
        if (side != null && side.exemplars() > 0) {
            encoder.exemplars(side.exemplars());
            for (int i = 0; i < side.exemplars(); i++) {
                encoder.exemplar(side.exemplarSlot(i), side.exemplar(i));
            }
        }
    }

    /// The slots whose start time a reader of the record would not know: all in a key record, and
    /// those whose definition is told, which sets it to 0.
    private IntList startsToTell(boolean key) {
        if (!origin.open.hasSide()) {
            return NO_SLOTS;
        }
        IntList slots = new IntList();
        int count = key ? origin.slots() : origin.log.pending.size();
        for (int i = 0; i < count; i++) {
            int slot = key ? i : origin.log.pending.at(i);
            if (origin.open.startMs(slot) != 0) {
                slots.add(slot);
            }
        }
        return slots;
    }

    private void encodeHistograms(StagedSide side, boolean key, CommitEncoder encoder) {
        IntList slots = side.histogramSlots();
        if (slots.size() == 0) {
            return;
        }
        encoder.histograms(slots.size());
        for (int i = 0; i < slots.size(); i++) {
            int slot = slots.at(i);
            @Nullable NativeHistogram base =
                    key ? null : origin.open.lastHistogram(slot, origin.log.keys);
            encoder.histogram(slot, requireNonNull(side.histogram(slot)), base);
        }
    }

    private void encodeStarts(IntList known, @Nullable StagedSide side, CommitEncoder encoder) {
        int staged = side == null ? 0 : side.startSlots().size();
        if (known.size() + staged == 0) {
            return;
        }
        encoder.starts(known.size() + staged);
        for (int i = 0; i < known.size(); i++) {
            encoder.start(known.at(i), origin.open.startMs(known.at(i)), false);
        }
        for (int i = 0; side != null && i < staged; i++) {
            encoder.start(side.startSlots().at(i), side.startAt(i), side.startsNext(i));
        }
    }

    private void apply() {
        if (staging.presentCount() > 0) {
            origin.tick(tickMs);
            put(origin.open, origin.slots(), staging.present(), staging.values());
        }
        LateColumns late = staging.late();
        for (int i = 0; i < late.size(); i++) {
            origin.addLate(
                    late.slot(i),
                    late.timeMs(i),
                    late.value(i),
                    late.histogram(i),
                    late.startMs(i));
        }
        StagedSide side = staging.sideOrNull();
        if (side != null) {
            apply(side);
        }
    }

    private void apply(StagedSide side) {
        OpenChunk open = origin.open;
        IntList slots = side.histogramSlots();
        for (int i = 0; i < slots.size(); i++) {
            int slot = slots.at(i);
            open.put(slot, requireNonNull(side.histogram(slot)), origin.log.keys);
        }
        int next = open.ticks();
        int tick = staging.presentCount() > 0 ? next - 1 : next;
        for (int i = 0; i < side.startSlots().size(); i++) {
            int from = side.startsNext(i) ? next : tick;
            open.start(side.startSlots().at(i), side.startAt(i), from);
        }
        for (int i = 0; i < side.exemplars(); i++) {
            store.exemplars().add(origin, side.exemplarSlot(i), side.exemplar(i));
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
