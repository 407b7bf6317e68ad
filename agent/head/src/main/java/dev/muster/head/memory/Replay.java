package dev.muster.head.memory;

import dev.muster.head.bytes.ByteReader;
import dev.muster.head.bytes.ByteWriter;
import dev.muster.head.chunk.OpenChunk;
import dev.muster.head.wal.CommitDecoder;
import dev.muster.head.wal.LateColumns;
import dev.muster.head.wal.RecordType;
import dev.muster.head.wal.WalReplay;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Applies the records of the log to the store that opens. Used by one thread.
final class Replay implements WalReplay.Target {
    /*
     * A record's values build on those of the origin's record before it, unless it is a key record, and its
     * slots on the definitions before it. Each record names both: the sequence number of the one before, and how
     * many definitions there were. Where either differs, records in between are lost, and this one is not
     * understood: it is counted as lost too rather than given to the wrong series.
     */

    /// Reasons that are kept as text; the others are only counted.
    private static final int DAMAGE_LIMIT = 100;

    private final Store store;
    private final Map<Integer, Origin> origins;
    private final Set<Long> missing;
    private final CommitDecoder commit = new CommitDecoder();
    private final ByteWriter buffer = new ByteWriter(64 << 10);
    private final List<String> damage = new ArrayList<>();
    private long[] values = new long[64];
    private long commits;
    private long samples;
    private long lost;

    Replay(Store store, Map<Integer, Origin> origins, Set<Long> missing) {
        this.store = store;
        this.origins = origins;
        this.missing = missing;
    }

    @Override
    public void apply(int segment, long sequence, ByteReader body) throws IOException {
        int type = body.u8();
        switch (type) {
            case RecordType.COMMIT -> {
                commit.start(body);
                commit(segment, sequence);
            }
            case RecordType.RELEASE -> release(body);
            default -> throw new IndexOutOfBoundsException("type must be known: type=" + type);
        }
    }

    private void release(ByteReader body) {
        long start = body.u64();
        long end = body.u64();
        if (body.u8() == 1) {
            store.raiseAcceptFloor(end);
        }
        for (Origin origin : origins.values()) {
            origin.drop(start, end);
        }
        store.windows().delete(start);
        missing.remove(start);
    }

    private void commit(int segment, long sequence) throws IOException {
        Origin origin = origin();
        if (origin == null) {
            lose("unknown origin=" + commit.origin(), segment, sequence);
            return;
        }
        OriginLog log = origin.log;
        boolean done = sequence <= log.sealedSequence;
        boolean next = commit.previousSequence() == log.replayedSequence;
        boolean valuesKnown = !commit.hasTicks() || commit.isKey() || (next && log.basesKnown);
        boolean slotsKnown = done || commit.definitionsBefore() == log.definitions;
        if (!valuesKnown || !slotsKnown) {
            lose("origin=" + origin.name + " builds on a lost record", segment, sequence);
            return;
        }
        if (!next) {
            // values of lost records may differ from those that the open chunk goes on with
            origin.sealTicks(store.windows(), buffer);
        }
        if (commit.isKey() && !done && !(next && log.basesKnown)) {
            origin.open.clearStarts();
        }
        log.basesKnown = commit.isKey() || (next && log.basesKnown);
        log.replayedSequence = sequence;
        if (done) {
            rebase(origin);
            return;
        }
        log.lastSequence = sequence;
        define(origin);
        log.definitions += commit.definitions();
        int tick = origin.open.ticks();
        if (commit.hasTicks()) {
            ticks(origin);
            tick = Math.max(0, origin.open.ticks() - 1);
        }
        if (commit.hasLate()) {
            late(origin, commit.late());
        }
        side(origin, tick);
        commits++;
    }

    /// Start times and exemplars.
    ///
    /// @param tick that of the record, or the next one
    private void side(Origin origin, int tick) {
        int next = origin.open.ticks();
        commit.starts((slot, startMs, fromNext) -> {
            origin.open.grow(slot + 1);
            origin.open.start(slot, startMs, fromNext ? next : tick);
        });
        commit.exemplars((slot, exemplar) -> {
            if (slot < origin.slots() && origin.series(slot) != Origin.FREE) {
                store.exemplars().add(origin, slot, exemplar);
            }
        });
    }

    private @Nullable Origin origin() {
        Origin known = origins.get(commit.origin());
        String name = commit.name();
        if (known == null && name != null) {
            known = new Origin(commit.origin(), name);
            origins.put(known.number, known);
            store.addOrigin(known);
        }
        return known;
    }

    private void lose(String why, int segment, long sequence) {
        lost++;
        if (damage.size() < DAMAGE_LIMIT) {
            damage.add(
                    "wal segment="
                            + segment
                            + " sequence="
                            + sequence
                            + ": commit must build on known ones: "
                            + why);
        }
    }

    private record Definition(int slot, Labels labels, MetricMetadata metadata) {}

    private void define(Origin origin) throws IOException {
        List<Definition> definitions = new ArrayList<>();
        IntList replaced = new IntList();
        commit.definitions((slot, labels, metadata) -> {
            definitions.add(new Definition(slot, labels, metadata));
            int old = slot < origin.slots() ? origin.series(slot) : Origin.FREE;
            if (old != Origin.FREE && !store.index().labels(old).equals(labels)) {
                replaced.add(slot);
            }
            int known = store.index().find(labels, origin.number);
            if (known >= 0 && store.index().slot(known) != slot) {
                replaced.add(store.index().slot(known));
            }
        });
        if (replaced.size() > 0) {
            origin.sealTicks(store.windows(), buffer);
            origin.sealLate(store.windows(), buffer);
            new Retirement(store, origin, buffer).run(replaced.distinct());
        }
        for (Definition definition : definitions) {
            define(origin, definition);
        }
    }

    private void define(Origin origin, Definition definition) {
        int slot = definition.slot();
        int old = slot < origin.slots() ? origin.series(slot) : Origin.FREE;
        if (old != Origin.FREE) {
            origin.open.start(slot, 0, origin.open.ticks());
            store.index().describe(old, definition.metadata());
            return;
        }
        origin.take(slot, store.clock().millis());
        origin.unfree(slot);
        int number =
                store.index().add(definition.labels(), definition.metadata(), origin.number, slot);
        origin.series(slot, number);
        store.updateSlotBytes();
    }

    /// Takes over the values of a record whose samples are in chunks.
    private void rebase(Origin origin) throws IOException {
        commit.definitions((slot, labels, metadata) -> {});
        if (!commit.hasTicks()) {
            return;
        }
        commit.tickMs();
        readValues(origin);
        rebaseAll(origin, commit.slots());
        commit.histograms(new Bases(origin));
    }

    /// Takes over the newest histograms of slots.
    private static class Bases implements CommitDecoder.Histograms {
        final Origin origin;

        Bases(Origin origin) {
            this.origin = origin;
        }

        @Override
        public @Nullable NativeHistogram base(int slot) {
            return origin.open.lastHistogram(slot);
        }

        @Override
        public void add(int slot, NativeHistogram histogram) {
            origin.open.grow(slot + 1);
            origin.open.rebase(slot, histogram);
        }
    }

    /// Appends histograms at the newest tick.
    private static final class AtTick extends Bases {
        AtTick(Origin origin) {
            super(origin);
        }

        @Override
        public void add(int slot, NativeHistogram histogram) {
            origin.open.grow(slot + 1);
            origin.open.put(slot, histogram, 0);
        }
    }

    private long[] readValues(Origin origin) {
        int slots = commit.slots();
        origin.open.grow(slots);
        if (values.length < slots) {
            values = new long[slots + (slots >> 2)];
        }
        System.arraycopy(origin.open.lasts(), 0, values, 0, slots);
        return commit.values(values);
    }

    private void ticks(Origin origin) throws IOException {
        long tickMs = commit.tickMs();
        long[] present = readValues(origin);
        int slots = commit.slots();
        if (tickMs < store.acceptFloorMs()) {
            origin.sealTicks(store.windows(), buffer);
            rebaseAll(origin, slots);
            commit.histograms(new Bases(origin));
            return;
        }
        if (commit.isKey() && otherBases(origin, slots, present)) {
            origin.sealTicks(store.windows(), buffer);
        }
        origin.makeRoom(tickMs, store.windows(), store.slotBytes(), buffer);
        origin.tick(tickMs);
        Commit.put(origin.open, slots, present, values);
        for (int i = 0; i < (slots + 63) >>> 6; i++) {
            samples += Long.bitCount(present[i]);
        }
        if (commit.isKey()) {
            rebaseAll(origin, slots);
        }
        commit.histograms(new AtTick(origin));
    }

    /// Does a key record give slots of the open chunk another base than their newest sample? The
    /// writer has sealed its chunk and given slots up then, which the log does not tell otherwise.
    private boolean otherBases(Origin origin, int slots, long[] present) {
        OpenChunk open = origin.open;
        for (int slot = 0; slot < open.slots(); slot++) {
            boolean absent = slot >= slots || (present[slot >>> 6] >>> slot & 1) == 0;
            long base = slot < slots ? values[slot] : 0;
            if (absent && open.count(slot) > 0 && open.last(slot) != base) {
                return true;
            }
        }
        return false;
    }

    private void rebaseAll(Origin origin, int slots) {
        for (int slot = 0; slot < slots; slot++) {
            origin.open.rebase(slot, values[slot]);
        }
        if (commit.isKey()) {
            origin.open.rebaseFrom(slots);
        }
    }

    private void late(Origin origin, LateColumns late) throws IOException {
        for (int i = 0; i < late.size(); i++) {
            long timeMs = late.timeMs(i);
            if (timeMs < store.acceptFloorMs()) {
                continue;
            }
            store.windows().file(store.windows().startOf(timeMs));
            if (origin.lateIsFull()) {
                origin.sealLate(store.windows(), buffer);
            }
            origin.addLate(late.slot(i), timeMs, late.value(i), late.histogram(i), late.startMs(i));
            samples++;
        }
    }

    long commits() {
        return commits;
    }

    long samples() {
        return samples;
    }

    long lost() {
        return lost;
    }

    List<String> damage() {
        return List.copyOf(damage);
    }
}
