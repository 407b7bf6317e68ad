package dev.muster.blocks.retention;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.ObjectInfo;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Deletes days that are older than they are to be kept. Confined to one thread; several nodes may
/// do the same at one time, and any may be killed anywhere.
public final class Retention {
    /*
     * What is to go follows from the clock and the configuration alone: a day of UTC all of which is older. For such a day
     *   1. a mark is put, unless one is there (conditionally, so that of several nodes one says when the grace began);
     *   2. once the mark is older than the grace, by its own time and by the store's, the files go: first what makes blocks
     *      visible, then the rest;
     *   3. once nothing is left, the mark goes.
     * Each step is found again by looking at the store, and doing one twice changes nothing. Files that come late, of an agent
     * that was away, begin anew with a mark. Where the time to keep has been made longer within the grace, the mark goes and
     * the files stay.
     *
     * A sweep looks at the last days that went, and at some of those before in turn, so that a store is emptied of years in
     * a few sweeps without thousands of listings in each.
     */
    private static final Logger LOG = System.getLogger(Retention.class.getName());
    private static final int RECENT_DAYS = 10;
    private static final int OLDER_DAYS_PER_SWEEP = 200;
    private static final int OLDEST_DAYS = 3_650;

    /// Days that a longer time to keep may give back.
    private static final int GIVEN_BACK_DAYS = 40;

    private final Bucket bucket;
    private final RetentionConfig config;
    private final InstantSource clock;
    private final Map<RetainedTable, Integer> older = new EnumMap<>(RetainedTable.class);
    private final Map<RetainedTable, Counts> counts = new EnumMap<>(RetainedTable.class);

    private static final class Counts {
        final LongAdder objects = new LongAdder();
        final LongAdder bytes = new LongAdder();
        final LongAdder marks = new LongAdder();
    }

    public Retention(Bucket bucket, RetentionConfig config, InstantSource clock) {
        this.bucket = bucket;
        this.config = config;
        this.clock = clock;
        for (RetainedTable table : RetainedTable.values()) {
            counts.put(table, new Counts());
            older.put(table, 0);
        }
    }

    /// Looks once, and does what is due. What it could not do is due at the next.
    ///
    /// @throws IOException if the store fails; the rest waits for the next sweep
    public void sweep() throws IOException {
        for (RetainedTable table : RetainedTable.values()) {
            Optional<Duration> kept = config.of(table);
            if (kept.isPresent()) {
                sweep(table, kept.get());
            }
        }
    }

    private void sweep(RetainedTable table, Duration kept) throws IOException {
        LocalDate oldestKept = LocalDate.ofInstant(clock.instant().minus(kept), ZoneOffset.UTC);
        for (int back = 0; back < GIVEN_BACK_DAYS; back++) {
            giveBack(table, oldestKept.plusDays(back));
        }
        for (LocalDate date : due(table, oldestKept)) {
            sweep(table, date);
        }
    }

    /// The days of this sweep, the newest first.
    private List<LocalDate> due(RetainedTable table, LocalDate oldestKept) {
        List<LocalDate> days = new ArrayList<>();
        for (int back = 1; back <= RECENT_DAYS; back++) {
            days.add(oldestKept.minusDays(back));
        }
        int from = older.getOrDefault(table, 0);
        for (int i = 0; i < OLDER_DAYS_PER_SWEEP; i++) {
            days.add(oldestKept.minusDays(RECENT_DAYS + 1L + (from + i) % OLDEST_DAYS));
        }
        older.put(table, (from + OLDER_DAYS_PER_SWEEP) % OLDEST_DAYS);
        return days;
    }

    private void giveBack(RetainedTable table, LocalDate date) throws IOException {
        String mark = table.mark(date);
        if (bucket.stat(mark).isPresent()) {
            bucket.delete(mark);
            LOG.log(
                    Level.INFO,
                    () ->
                            "retention: kept after all table=%s date=%s"
                                    .formatted(table.label(), date));
        }
    }

    private void sweep(RetainedTable table, LocalDate date) throws IOException {
        List<ObjectInfo> files = new ArrayList<>();
        for (String prefix : table.prefixes(date)) {
            files.addAll(bucket.list(prefix));
        }
        String mark = table.mark(date);
        Optional<ObjectInfo> marked = bucket.stat(mark);
        if (files.isEmpty()) {
            if (marked.isPresent()) {
                bucket.delete(mark);
            }
        } else if (marked.isEmpty()) {
            bucket.putIfAbsent(mark, new RetentionMark(clock.millis()).encode());
            count(table).marks.increment();
            LOG.log(
                    Level.INFO,
                    () ->
                            "retention: marked table=%s date=%s objects=%d grace=%dh"
                                    .formatted(
                                            table.label(),
                                            date,
                                            files.size(),
                                            config.grace().toHours()));
        } else if (isOver(marked.get())) {
            delete(table, date, files);
            bucket.delete(mark);
        }
    }

    private boolean isOver(ObjectInfo mark) throws IOException {
        long graceMs = config.grace().toMillis();
        long nowMs = clock.millis();
        if (mark.sizeBytes() > RetentionMark.LIMIT_BYTES) {
            throw new IOException("retention mark key=" + mark.key() + ": must be one");
        }
        byte[] text = bucket.range(mark.key(), 0, Math.toIntExact(mark.sizeBytes()));
        Optional<RetentionMark> read = RetentionMark.decode(text);
        if (read.isEmpty()) {
            throw new IOException("retention mark key=" + mark.key() + ": must be one");
        }
        return nowMs - read.get().markedMs() >= graceMs
                && nowMs - mark.lastModified().toEpochMilli() >= graceMs;
    }

    private void delete(RetainedTable table, LocalDate date, List<ObjectInfo> files)
            throws IOException {
        long bytes = 0;
        for (ObjectInfo file : files) {
            bucket.delete(file.key());
            bytes += file.sizeBytes();
            count(table).objects.increment();
            count(table).bytes.add(file.sizeBytes());
        }
        long size = bytes;
        LOG.log(
                Level.INFO,
                () ->
                        "retention: deleted table=%s date=%s objects=%d sizeBytes=%d"
                                .formatted(table.label(), date, files.size(), size));
    }

    private Counts count(RetainedTable table) {
        return counts.computeIfAbsent(table, _ -> new Counts());
    }

    /// Files deleted.
    public long objects(RetainedTable table) {
        return count(table).objects.sum();
    }

    /// Their bytes.
    public long bytes(RetainedTable table) {
        return count(table).bytes.sum();
    }

    /// Days marked to go.
    public long marks(RetainedTable table) {
        return count(table).marks.sum();
    }
}
