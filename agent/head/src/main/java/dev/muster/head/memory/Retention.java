package dev.muster.head.memory;

import dev.muster.head.bytes.ByteWriter;
import dev.muster.head.disk.Disk;
import dev.muster.head.index.Numbers;
import dev.muster.head.wal.RecordType;
import dev.muster.head.wal.Wal;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is kept and for how long: closes, releases and drops windows, writes checkpoints, forgets
/// series without samples. Its methods exclude each other.
public final class Retention {
    /// A window is not closed while a scrape that may hold samples of it goes on, but for one that
    /// takes longer than this; its commit is then refused.
    private static final long SCRAPE_LIMIT_NANOS = 60_000_000_000L;

    /// Fewer idle series of an origin wait for the next checkpoint, unless they are many of it.
    private static final int RETIRE_LEAST = 64;

    /// Series that are retired at once, so that their labels need little memory on the way.
    private static final int RETIRE_MOST = 16_384;

    private final Store store;
    private final Disk disk;
    private final Path directory;
    private final ByteWriter buffer = new ByteWriter(64 << 10);

    Retention(Store store, Disk disk, Path directory) {
        this.store = store;
        this.disk = disk;
        this.directory = directory;
    }

    /// Windows that ended, take no more samples and hold some, oldest first.
    public synchronized List<TimeRange> closedWindows() {
        long nowMs = store.clock().millis();
        long lengthMs = store.limits().windowMs();
        List<TimeRange> closed = new ArrayList<>();
        for (long start : store.windows().starts()) {
            long end = start + lengthMs;
            boolean over = nowMs >= end + store.limits().outOfOrderMs();
            if (over || end <= store.acceptFloorMs()) {
                store.raiseAcceptFloor(end);
                if (awaited()) {
                    return closed;
                }
                if (holds(start, end)) {
                    closed.add(new TimeRange(start, end));
                } else {
                    store.windows().delete(start);
                }
            }
        }
        return closed;
    }

    /// Is there a scrape that may have begun before the floor was raised?
    private boolean awaited() {
        for (Origin origin : store.origins()) {
            origin.lock.lock();
            try {
                OriginAppender appender = origin.appender();
                if (appender != null
                        && appender.began(store.acceptFloorMs())
                        && !appender.hangs(SCRAPE_LIMIT_NANOS)) {
                    return true;
                }
            } finally {
                origin.lock.unlock();
            }
        }
        return false;
    }

    private boolean holds(long startMs, long endMs) {
        for (Origin origin : store.origins()) {
            origin.lock.lock();
            try {
                if (origin.holds(startMs, endMs)
                        || (origin.generation() != null
                                && origin.generation().windowMs() == startMs)) {
                    return true;
                }
            } finally {
                origin.lock.unlock();
            }
        }
        return false;
    }

    /// Forgets the samples of a window whose block is safe.
    public synchronized void release(TimeRange window) throws IOException {
        long lengthMs = store.limits().windowMs();
        if (window.lengthMs() != lengthMs || Math.floorMod(window.startMs(), lengthMs) != 0) {
            throw new IllegalArgumentException(
                    "window must be aligned: window=" + window + ", lengthMs=" + lengthMs);
        }
        if (store.windows().existing(window.startMs()) == null) {
            return;
        }
        if (window.endMs() > Math.max(store.acceptFloorMs(), store.clock().millis())) {
            throw new IllegalStateException("window must have ended: window=" + window);
        }
        store.raiseAcceptFloor(window.endMs());
        seal(window);
        log(window, true);
        store.sync();
        remove(window);
    }

    /// Drops the oldest window, whose block is not safe, to make room on the disk.
    ///
    /// @return the window; empty if there is none
    public synchronized Optional<TimeRange> dropOldest() {
        List<Long> starts = store.windows().starts();
        if (starts.isEmpty()) {
            return Optional.empty();
        }
        long start = starts.getFirst();
        TimeRange window = new TimeRange(start, start + store.limits().windowMs());
        boolean ended = window.endMs() <= store.clock().millis();
        if (ended) {
            store.raiseAcceptFloor(window.endMs());
        }
        boolean logged = sealAndLog(window, ended);
        remove(window);
        if (!logged && ended) {
            // the disk was full; there is room now, and no commit came in between
            sealAndLog(window, ended);
        }
        store.counters().dropped.increment();
        return Optional.of(window);
    }

    private boolean sealAndLog(TimeRange window, boolean ended) {
        try {
            seal(window);
            log(window, ended);
            return true;
        } catch (IOException e) {
            store.log(System.Logger.Level.WARNING, "drop of a window could not be logged", e);
            return false;
        }
    }

    /// Seals the open chunks of the window, so that readers that saw them find them.
    private void seal(TimeRange window) throws IOException {
        for (Origin origin : store.origins()) {
            origin.lock.lock();
            try {
                Generation generation = origin.generation();
                if (generation != null && generation.windowMs() == window.startMs()) {
                    origin.sealTicks(store.windows(), buffer);
                }
            } finally {
                origin.lock.unlock();
            }
        }
    }

    private void log(TimeRange window, boolean ended) throws IOException {
        Wal wal = store.wal();
        ByteWriter record = new ByteWriter(64);
        record.skip(Wal.RECORD_HEADER_BYTES);
        record.u8(RecordType.RELEASE);
        record.u64(window.startMs());
        record.u64(window.endMs());
        record.u8(ended ? 1 : 0);
        long sequence;
        do {
            sequence = wal.append(record, wal.segment());
        } while (sequence == Wal.SEGMENT_CHANGED);
    }

    private void remove(TimeRange window) {
        store.indexLock().writeLock().lock();
        try {
            for (Origin origin : store.origins()) {
                origin.lock.lock();
                try {
                    origin.drop(window.startMs(), window.endMs());
                } finally {
                    origin.lock.unlock();
                }
            }
            store.windows().delete(window.startMs());
            collect();
            store.countRetired();
        } finally {
            store.indexLock().writeLock().unlock();
        }
    }

    /// Forgets series whose samples were all released, and origins without series. Called under the
    /// index lock.
    private void collect() {
        List<Long> starts = store.windows().starts();
        long oldestMs = store.clock().millis();
        if (!starts.isEmpty()) {
            oldestMs = Math.min(oldestMs, starts.getFirst());
        }
        long sinceMs = store.windows().startOf(oldestMs);
        for (Origin origin : List.copyOf(store.origins())) {
            origin.lock.lock();
            try {
                collect(origin, sinceMs);
            } finally {
                origin.lock.unlock();
            }
        }
        store.index().compact();
        store.updateSlotBytes();
    }

    private void collect(Origin origin, long sinceMs) {
        IntList idle = origin.idle(sinceMs, false);
        OriginAppender appender = origin.appender();
        Numbers gone = new Numbers();
        for (int i = 0; i < idle.size(); i++) {
            int slot = idle.at(i);
            gone.set(origin.series(slot));
            origin.free(slot);
            store.exemplars().forget(origin, slot);
            if (appender != null) {
                appender.forget(slot);
            }
            store.counters().collected.increment();
        }
        if (idle.size() > 0) {
            store.index().removeAll(gone);
        }
        if (appender == null && origin.liveSlots() == 0 && origin.isEmpty()) {
            store.removeOrigin(origin);
        }
    }

    /// Takes series without recent samples out of memory; their samples stay.
    ///
    /// @param all also where they are so few that an open chunk is not worth sealing for them?
    /// @throws IOException if they could not be written; those are still in memory then
    public synchronized void retire(boolean all) throws IOException {
        long beforeMs = store.clock().millis() - store.limits().idleMs();
        for (Origin origin : List.copyOf(store.origins())) {
            store.indexLock().writeLock().lock();
            try {
                origin.lock.lock();
                try {
                    retire(origin, beforeMs, all);
                } finally {
                    origin.lock.unlock();
                }
            } finally {
                store.indexLock().writeLock().unlock();
            }
        }
    }

    private void retire(Origin origin, long beforeMs, boolean all) throws IOException {
        long newestMs = origin.newestMs();
        // a series of a target that is asked once an hour is not idle
        long sinceMs =
                origin.appender() == null || newestMs == Long.MIN_VALUE
                        ? beforeMs
                        : Math.min(beforeMs, newestMs - store.limits().idleMs());
        IntList idle = store.exemplars().without(origin, origin.idle(sinceMs, true));
        if (idle.size() == 0
                || (!all && idle.size() < Math.max(RETIRE_LEAST, origin.slots() / 8))) {
            return;
        }
        origin.sealTicks(store.windows(), buffer);
        origin.sealLate(store.windows(), buffer);
        for (int from = 0; from < idle.size(); from += RETIRE_MOST) {
            IntList some = idle.slice(from, Math.min(idle.size(), from + RETIRE_MOST));
            new Retirement(store, origin, buffer).run(some);
            store.counters().collected.add(some.size());
        }
        origin.trim();
        buffer.shrink(64 << 10);
        store.index().compact();
        store.countRetired();
        store.updateSlotBytes();
    }

    /// Seals everything that is open, writes down what there is, and shortens the log to what comes
    /// after.
    public synchronized void checkpoint() throws IOException {
        try {
            store.sync(); // outside the lock of the log, so that the roll has little to force
            Wal.Place place = store.wal().roll();
            store.indexLock().writeLock().lock();
            try {
                collect();
            } finally {
                store.indexLock().writeLock().unlock();
            }
            retire(true);
            new CheckpointWriter(store, disk, directory, buffer).write(place);
            store.wal().deleteBefore(place.segment());
            store.counters().checkpoints.increment();
        } catch (IOException e) {
            store.counters().checkpointFailures.increment();
            throw e;
        } finally {
            buffer.shrink(64 << 10);
        }
    }
}
