package dev.muster.head.memory;

import dev.muster.head.bytes.ByteWriter;
import dev.muster.head.chunk.ChunkFile;
import dev.muster.head.chunk.ChunkKind;
import dev.muster.head.chunk.LateBuffer;
import dev.muster.head.chunk.OpenChunk;
import dev.muster.head.chunk.SealedChunk;
import dev.muster.model.histogram.NativeHistogram;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// All that is held of one origin: its clock, its series by slot, their samples. Every method is
/// called under [#lock].
final class Origin {
    private static final SealedChunk[] NONE = {};

    /// Precision of the time of the newest sample of a series.
    private static final long GRAIN_MS = 10_000;

    /// Number of a series where the slot is free.
    static final int FREE = -1;

    /// Memory of an origin without series.
    private static final long FIXED_BYTES = 1_200;

    /// Memory of what is known of a sealed chunk.
    private static final long SEALED_BYTES = 64;

    /// A series of histograms may take so many times more than one of numbers before it is sealed.
    private static final long HISTOGRAM_WEIGHT = 7;

    /// Fewer free slots are kept.
    private static final int TRIM_LEAST = 256;

    /// Late samples that are kept unsealed in any case.
    private static final int LATE_KEPT = 4096;

    final ReentrantLock lock = new ReentrantLock();
    final int number;
    final String name;
    final OpenChunk open = new OpenChunk();
    final OriginLog log = new OriginLog();

    private @Nullable Generation generation;
    private SealedChunk[] sealed = NONE;
    private LateBuffer late = new LateBuffer();

    private int slots;
    private int slotsEver;
    private int[] series = new int[4];

    /// Bound of the time of the newest sealed sample by slot: below it times [#GRAIN_MS].
    private int[] newestGrain = new int[4];

    /// Number of the first sealed chunk that may hold samples of the slot's series; null where none
    /// holds those of an earlier one.
    private int @Nullable [] born;

    /// Number of the next chunk that is sealed.
    private int nextChunk;

    private final IntList freeSlots = new IntList();

    /// Time of the newest tick of all.
    private long lastTickMs = Long.MIN_VALUE;

    /// Upper bound of the time of any late sample by slot; null until there is one.
    private long @Nullable [] newestLateMs;

    private long newestLateBefore = Long.MIN_VALUE;
    private long newestLateOfAllMs = Long.MIN_VALUE;
    private char[] lateCounts = new char[0];
    private @Nullable OriginAppender appender;
    private int sealRetryTick;
    private long sealFailures;

    Origin(int number, String name) {
        this.number = number;
        this.name = name;
        Arrays.fill(series, FREE);
    }

    int slots() {
        return slots;
    }

    int series(int slot) {
        return series[slot];
    }

    int liveSlots() {
        return slots - freeSlots.size();
    }

    @Nullable OriginAppender appender() {
        return appender;
    }

    void appender(@Nullable OriginAppender newAppender) {
        appender = newAppender;
    }

    @Nullable Generation generation() {
        return generation;
    }

    SealedChunk[] sealed() {
        return sealed;
    }

    LateBuffer late() {
        return late;
    }

    long lastTickMs() {
        return lastTickMs;
    }

    void lastTickMs(long timeMs) {
        lastTickMs = timeMs;
    }

    /// Upper bound of the time of any late sample; `Long.MIN_VALUE` if there was none.
    long newestLateMs() {
        return newestLateOfAllMs;
    }

    /// Late samples up to this time were there before.
    void newestLateBefore(long timeMs) {
        newestLateBefore = timeMs;
        newestLateOfAllMs = timeMs;
    }

    /// Gives a slot to a series.
    ///
    /// @param nowMs it counts as active since then
    int allocate(long nowMs) {
        int slot = freeSlots.size() > 0 ? freeSlots.removeLast() : slots;
        take(slot, nowMs);
        return slot;
    }

    /// Gives this slot to a series that has no samples yet.
    void take(int slot, long nowMs) {
        boolean again = slot < slotsEver;
        occupy(slot, grain(nowMs));
        if (again) {
            born(slot, nextChunk);
        }
    }

    /// Slots from that number on have never had a series.
    int slotsEver() {
        return slotsEver;
    }

    void slotsEver(int count) {
        slotsEver = Math.max(slotsEver, count);
    }

    /// The samples of the slot's series are in chunks from that number on.
    void born(int slot, int chunk) {
        int[] known = born;
        if (known == null && chunk == 0) {
            return;
        }
        if (known == null || slot >= known.length) {
            known = known == null ? new int[series.length] : Arrays.copyOf(known, series.length);
        }
        known[slot] = chunk;
        born = known;
    }

    int born(int slot) {
        return born == null || slot >= born.length ? 0 : born[slot];
    }

    /// The chunks that may hold samples of the slot's series.
    Reach reach(int slot) {
        return Reach.since(born(slot));
    }

    /// Number of the next chunk that is sealed.
    int nextChunk() {
        return nextChunk;
    }

    void nextChunk(int number) {
        nextChunk = number;
    }

    /// How the bound of a time is kept, so that it takes no more than an int.
    static int grain(long timeMs) {
        return Math.toIntExact(Math.floorDiv(timeMs, GRAIN_MS) + 1);
    }

    /// Gives this slot, and so all before it, a place.
    void occupy(int slot, int grain) {
        if (slot >= series.length) {
            int capacity = Math.max(slot + 1, slots + (slots >> 2) + 4);
            int before = series.length;
            series = Arrays.copyOf(series, capacity);
            Arrays.fill(series, before, capacity, FREE);
            newestGrain = Arrays.copyOf(newestGrain, capacity);
        }
        while (slots <= slot) {
            if (slots < slot) {
                freeSlots.add(slots);
            }
            slots++;
        }
        slotsEver = Math.max(slotsEver, slots);
        open.grow(slots);
        if (newestLateMs != null) {
            growLate();
        }
        newestGrain[slot] = grain;
    }

    /// The slot is in use, whether it was free before or not.
    void unfree(int slot) {
        freeSlots.remove(slot);
    }

    void series(int slot, int seriesNumber) {
        series[slot] = seriesNumber;
    }

    int newestGrain(int slot) {
        return newestGrain[slot];
    }

    /// Takes the slot from its series, which has no samples left. Its last value stays the base of
    /// the log's next record: replay does not know when a slot was freed.
    void free(int slot) {
        series[slot] = FREE;
        freeSlots.add(slot);
        open.forget(slot);
        if (newestLateMs != null) {
            newestLateMs[slot] = Long.MIN_VALUE;
        }
    }

    /// Gives back the memory of free slots behind all others, where that is much, and sees to it
    /// that the lowest ones are used first. What was open must just have been sealed.
    void trim() {
        freeSlots.sortDescending();
        int used = slots;
        while (used > 0 && series[used - 1] == FREE) {
            used--;
        }
        if (open.ticks() > 0 || slots - used < Math.max(TRIM_LEAST, slots / 4)) {
            return;
        }
        slots = used;
        freeSlots.keepBelow(used);
        series = Arrays.copyOf(series, used + 4);
        Arrays.fill(series, used, series.length, FREE);
        newestGrain = Arrays.copyOf(newestGrain, used + 4);
        born = born == null ? null : Arrays.copyOf(born, used);
        if (newestLateMs != null) {
            newestLateMs = Arrays.copyOf(newestLateMs, used);
            lateCounts = Arrays.copyOf(lateCounts, used);
        }
        open.shrink(used);
        log.keySegment = -1;
    }

    boolean hasFreeSlots() {
        return freeSlots.size() > 0;
    }

    /// A time after which the slot has no sample.
    long newestMs(int slot) {
        int count = open.count(slot);
        long tick = lastTickMs;
        if (count > 0) {
            tick = open.tickMs(count - 1);
        } else if (open.ticks() > 0) {
            tick = open.tickMs(0) - 1;
        }
        return Math.max(tick, newestLateMs == null ? newestLateBefore : newestLateMs[slot]);
    }

    /// Notes the time of a late sample of the slot.
    void noteLate(int slot, long timeMs) {
        long[] newest = newestLateMs == null ? growLate() : newestLateMs;
        newest[slot] = Math.max(newest[slot], timeMs);
        newestLateOfAllMs = Math.max(newestLateOfAllMs, timeMs);
    }

    /// Counts an out-of-order sample of the slot.
    ///
    /// @return false if it has had `limit` of them
    boolean takeLate(int slot, int limit) {
        if (newestLateMs == null) {
            growLate();
        }
        if (lateCounts[slot] >= limit) {
            return false;
        }
        lateCounts[slot]++;
        return true;
    }

    private long[] growLate() {
        long[] newest = newestLateMs == null ? new long[0] : newestLateMs;
        if (newest.length < slots) {
            int before = newest.length;
            newest = Arrays.copyOf(newest, series.length);
            Arrays.fill(newest, before, newest.length, newestLateBefore);
            lateCounts = Arrays.copyOf(lateCounts, series.length);
        }
        newestLateMs = newest;
        return newest;
    }

    void addLate(
            int slot, long timeMs, long value, @Nullable NativeHistogram histogram, long startMs) {
        late.add(slot, timeMs, value, histogram, startMs);
        noteLate(slot, timeMs);
    }

    /// Seals what does not go with a tick at this time, and what has become large.
    ///
    /// @throws IOException if that fails and cannot wait
    void makeRoom(long tickMs, Windows windows, int slotBytes, ByteWriter buffer)
            throws IOException {
        Generation current = generation;
        if (current != null && open.ticks() > 0) {
            boolean otherWindow = current.windowMs() != windows.startOf(tickMs);
            if (otherWindow || open.ticks() == OpenChunk.MAX_TICKS) {
                sealTicks(windows, buffer);
            } else if (open.poolBytes() > Math.max(2048L, slotBytes * weight())
                    && open.ticks() >= sealRetryTick) {
                trySeal(windows, buffer);
            }
        }
        if (generation == null) {
            long start = windows.startOf(tickMs);
            generation = new Generation(windows.file(start), start);
        }
    }

    /// How many series without histograms would take as much memory.
    private long weight() {
        return slots + HISTOGRAM_WEIGHT * open.histogramSlots();
    }

    private void trySeal(Windows windows, ByteWriter buffer) {
        try {
            sealTicks(windows, buffer);
        } catch (IOException e) {
            sealRetryTick = open.ticks() + 64;
            sealFailures++;
        }
    }

    /// Seals that failed and are tried again.
    long sealFailures() {
        return sealFailures;
    }

    /// Adds a tick, for which [#makeRoom] has been called.
    void tick(long tickMs) {
        open.tick(tickMs);
        lastTickMs = tickMs;
    }

    /// Writes the open chunk to the file of its window.
    void sealTicks(Windows windows, ByteWriter buffer) throws IOException {
        Generation current = generation;
        if (current == null) {
            return;
        }
        if (open.ticks() > 0) {
            buffer.clear();
            buffer.skip(ChunkFile.RECORD_HEADER_BYTES);
            open.seal(number, buffer);
            long first = open.tickMs(0);
            long last = open.tickMs(open.ticks() - 1);
            SealedChunk chunk =
                    SealedChunk.append(
                            current.file(), ChunkKind.TICKS, first, last, nextChunk, buffer);
            current.sealed(chunk);
            add(chunk);
            noteTicks();
            open.clear();
        }
        generation = null;
        sealRetryTick = 0;
    }

    private void noteTicks() {
        for (int slot = 0; slot < slots; slot++) {
            if (open.count(slot) > 0) {
                note(slot, open.tickMs(open.count(slot) - 1));
            }
        }
    }

    private void note(int slot, long timeMs) {
        newestGrain[slot] = Math.max(newestGrain[slot], grain(timeMs));
    }

    /// Is it time to seal the late samples?
    boolean lateIsFull() {
        return late.size() >= Math.max(LATE_KEPT, slots);
    }

    /// Writes the late samples to the files of their windows.
    void sealLate(Windows windows, ByteWriter buffer) throws IOException {
        Arrays.fill(lateCounts, (char) 0);
        while (late.size() > 0) {
            long start = windows.startOf(late.timeMs(0));
            long end = start + windows.windowMs();
            buffer.clear();
            buffer.skip(ChunkFile.RECORD_HEADER_BYTES);
            LateBuffer.Span span = late.seal(start, end, number, buffer);
            add(
                    SealedChunk.append(
                            windows.file(start),
                            ChunkKind.LATE,
                            span.firstMs(),
                            span.lastMs(),
                            nextChunk,
                            buffer));
            noteLate();
            late = late.without(start, end);
        }
    }

    private void noteLate() {
        for (int i = 0; i < late.size(); i++) {
            note(late.slot(i), late.timeMs(i));
        }
    }

    /// The slots whose series have no sample from that time on and are not about to get one.
    ///
    /// @param mayBeOpen may they have older samples that are not sealed?
    IntList idle(long sinceMs, boolean mayBeOpen) {
        IntList idle = new IntList();
        if (appender != null && appender.inScrape()) {
            return idle;
        }
        noteLate();
        for (int slot = 0; slot < slots; slot++) {
            if (series[slot] != FREE
                    && newestGrain[slot] * GRAIN_MS <= sinceMs
                    && (open.count(slot) == 0
                            || (mayBeOpen && open.tickMs(open.count(slot) - 1) < sinceMs))) {
                idle.add(slot);
            }
        }
        if (idle.size() > 0 && log.pending.size() > 0) {
            return idle.without(log.pending);
        }
        return idle;
    }

    /// Series without a sample from that time on.
    int idleCount(long sinceMs) {
        int count = 0;
        for (int slot = 0; slot < slots; slot++) {
            if (series[slot] != FREE
                    && newestGrain[slot] * GRAIN_MS <= sinceMs
                    && (open.count(slot) == 0 || open.tickMs(open.count(slot) - 1) < sinceMs)) {
                count++;
            }
        }
        return count;
    }

    /// Time of the newest sample of any series; `Long.MIN_VALUE` if there was none.
    long newestMs() {
        return Math.max(lastTickMs, newestLateOfAllMs);
    }

    void add(SealedChunk chunk) {
        SealedChunk[] more = Arrays.copyOf(sealed, sealed.length + 1);
        more[sealed.length] = chunk;
        sealed = more;
        nextChunk = Math.max(nextChunk, chunk.number() + 1);
    }

    /// Forgets all samples in the window; its ticks are sealed already.
    void drop(long startMs, long endMs) {
        sealed =
                Arrays.stream(sealed)
                        .filter(chunk -> !chunk.overlaps(startMs, endMs))
                        .toArray(SealedChunk[]::new);
        Generation current = generation;
        if (current != null && current.windowMs() >= startMs && current.windowMs() < endMs) {
            open.clear();
            generation = null;
        }
        if (late.size() > 0) {
            late = late.without(startMs, endMs);
        }
    }

    boolean holds(long startMs, long endMs) {
        for (SealedChunk chunk : sealed) {
            if (chunk.overlaps(startMs, endMs)) {
                return true;
            }
        }
        return openOverlaps(startMs, endMs)
                || (late.size() > 0 && late.view().overlaps(startMs, endMs));
    }

    private boolean openOverlaps(long startMs, long endMs) {
        return open.ticks() > 0
                && open.tickMs(0) < endMs
                && open.tickMs(open.ticks() - 1) >= startMs;
    }

    boolean isEmpty() {
        return sealed.length == 0 && open.ticks() == 0 && late.size() == 0;
    }

    /// Memory of this object, roughly.
    long openBytes() {
        return FIXED_BYTES
                + open.sizeBytes()
                + late.sizeBytes()
                + sealed.length * SEALED_BYTES
                + (appender == null ? 0 : appender.sizeBytes())
                + series.length * 8L
                + (born == null ? 0 : born.length * 4L)
                + (newestLateMs == null ? 0 : newestLateMs.length * 10L);
    }

    /// Memory that series take, whatever samples they have: their slots, and references to them.
    long slotBytes() {
        return open.slotBytes()
                + series.length * 8L
                + (born == null ? 0 : born.length * 4L)
                + (appender == null ? 0 : appender.referenceBytes())
                + (newestLateMs == null ? 0 : newestLateMs.length * 10L);
    }

    /// What there is now, for a reader.
    OriginView view() {
        return new OriginView(
                this,
                sealed,
                generation,
                open.ticks(),
                open.ticks() == 0 ? 0 : open.tickMs(0),
                open.ticks() == 0 ? 0 : open.tickMs(open.ticks() - 1),
                late.size() == 0 ? LateBuffer.View.EMPTY : late.view());
    }
}
