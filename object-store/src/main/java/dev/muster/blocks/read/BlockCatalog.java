package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.manifest.ManifestStore;
import dev.muster.blocks.schema.BlockId;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The blocks that a bucket holds, as of the last refresh. Thread-safe.
public final class BlockCatalog {
    /// A block is filed under the day in which its window starts, and no window is longer than a
    /// day; a merged block may hold one that starts at the end of its day.
    private static final long LONGEST_WINDOW_MS = 2 * 86_400_000;

    private final Bucket bucket;
    private final ManifestStore manifests;
    private final CatalogConfig config;
    private final InstantSource clock;
    private final ReentrantLock refreshing = new ReentrantLock();

    /// Replaced as a whole, under the monitor of this object; never changed.
    private volatile TreeMap<LocalDate, DayListing> days;

    private final @Nullable CatalogFile file;

    /// The older day to be listed next is the one before this. Guarded by `refreshing`.
    private LocalDate turn = LocalDate.MIN;

    /// What the file has. Guarded by `refreshing`.
    private TreeMap<LocalDate, DayListing> kept = new TreeMap<>();

    /// Blocks that a reader did not find since their day was listed. They are still expected: what
    /// an answer says of them does not depend on who looked for them first.
    private final Set<BlockId> lost = ConcurrentHashMap.newKeySet();

    private volatile long overLimit;
    private volatile long refreshedMs;
    private final AtomicLong vanished = new AtomicLong();
    private final AtomicLong refreshes = new AtomicLong();
    private final AtomicLong refreshErrors = new AtomicLong();
    private final AtomicLong fileErrors = new AtomicLong();

    public BlockCatalog(Bucket bucket, CatalogConfig config, InstantSource clock) {
        this(bucket, config, clock, null);
    }

    /// @param file where it keeps what it knows, and begins with what is there; null for nowhere
    public BlockCatalog(
            Bucket bucket, CatalogConfig config, InstantSource clock, @Nullable CatalogFile file) {
        this.bucket = bucket;
        manifests = new ManifestStore(bucket);
        this.file = file;
        days = file == null ? new TreeMap<>() : read(file);
        this.config = config;
        this.clock = clock;
    }

    /// Lists what may have changed. The first call lists the whole history.
    ///
    /// @throws IOException if the bucket could not be listed; what was known stays known
    public void refresh() throws IOException {
        refreshing.lock();
        try {
            LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
            TreeMap<LocalDate, DayListing> listed = new TreeMap<>();
            try {
                for (LocalDate day : daysToList(today)) {
                    listed.put(day, list(day));
                }
            } finally {
                publish(listed, today);
            }
            manifests.forgetBefore(oldest(today));
            refreshes.incrementAndGet();
            refreshedMs = clock.millis();
            keep();
        } catch (IOException e) {
            refreshErrors.incrementAndGet();
            throw e;
        } finally {
            refreshing.unlock();
        }
    }

    private TreeMap<LocalDate, DayListing> read(CatalogFile from) {
        try {
            return from.read();
        } catch (IOException e) {
            fileErrors.incrementAndGet();
            return new TreeMap<>();
        }
    }

    /// What is known stays known over a restart, if the disk takes it.
    private void keep() {
        TreeMap<LocalDate, DayListing> known = days;
        if (file == null || known.equals(kept)) {
            return;
        }
        try {
            file.write(known);
            kept = known;
        } catch (IOException e) {
            fileErrors.incrementAndGet();
        }
    }

    /// Tomorrow too, for agents whose clocks are ahead.
    private List<LocalDate> daysToList(LocalDate today) {
        List<LocalDate> wanted = new ArrayList<>();
        LocalDate oldest = oldest(today);
        LocalDate firstOlder = today.minusDays(config.fresh());
        for (LocalDate day = today.plusDays(1); day.isAfter(firstOlder); day = day.minusDays(1)) {
            wanted.add(day);
        }
        for (LocalDate day = firstOlder; !day.isBefore(oldest); day = day.minusDays(1)) {
            if (!days.containsKey(day) || hasLost(day)) {
                wanted.add(day);
            }
        }
        for (int i = 0; i < config.olderDaysPerRefresh() && !firstOlder.isBefore(oldest); i++) {
            LocalDate next = turn.equals(LocalDate.MIN) ? firstOlder : turn.minusDays(1);
            turn = next.isBefore(oldest) || next.isAfter(firstOlder) ? firstOlder : next;
            if (!wanted.contains(turn)) {
                wanted.add(turn);
            }
        }
        return wanted;
    }

    private boolean hasLost(LocalDate day) {
        return lost.stream().anyMatch(id -> id.date().equals(day));
    }

    private LocalDate oldest(LocalDate today) {
        return today.minusDays(config.history().toDays());
    }

    private DayListing list(LocalDate day) throws IOException {
        return DayListing.read(bucket, manifests, day);
    }

    /// The blocks of a day as they are now, whatever a catalog knows.
    ///
    /// @throws IOException if the bucket cannot be listed, or a manifest cannot be read
    public static List<BlockEntry> look(Bucket bucket, ManifestStore manifests, LocalDate day)
            throws IOException {
        return DayListing.read(bucket, manifests, day).entries();
    }

    private synchronized void publish(TreeMap<LocalDate, DayListing> listed, LocalDate today) {
        TreeMap<LocalDate, DayListing> changed = new TreeMap<>(days);
        changed.putAll(listed);
        changed.headMap(oldest(today)).clear();
        int room = config.entriesLimit();
        long left = 0;
        for (Map.Entry<LocalDate, DayListing> day : changed.descendingMap().entrySet()) {
            int found = day.getValue().entries().size();
            int kept = Math.min(found, room);
            left += found - kept;
            room -= kept;
            day.setValue(day.getValue().newest(kept));
        }
        overLimit = left;
        days = changed;
        // listed again, or gone for good
        lost.removeIf(id -> listed.containsKey(id.date()) || !changed.containsKey(id.date()));
    }

    /// The listed blocks that may hold samples of the range, by start, then by name. Those that
    /// were not found since are among them.
    public List<BlockEntry> blocks(TimeRange range) {
        List<BlockEntry> found = new ArrayList<>();
        days.subMap(
                        day(Math.max(0, range.startMs()) - LONGEST_WINDOW_MS),
                        true,
                        day(range.endMs()),
                        true)
                .values()
                .forEach(day -> {
                    for (BlockEntry entry : day.entries()) {
                        if (entry.id().range().overlaps(range)) {
                            found.add(entry);
                        }
                    }
                });
        return found;
    }

    /// Was the block not there when a reader asked for it, after it was listed?
    public boolean isLost(BlockId id) {
        return lost.contains(id);
    }

    /// The blocks that began last, the newest first.
    ///
    /// @param most how many
    List<BlockEntry> newest(int most) {
        List<BlockEntry> found = new ArrayList<>();
        for (DayListing day : days.descendingMap().values()) {
            for (BlockEntry entry : day.entries().reversed()) {
                if (found.size() == most) {
                    return found;
                }
                if (!isLost(entry.id())) {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    private static LocalDate day(long timestampMs) {
        long limitedMs = Math.clamp(timestampMs, -LONGEST_WINDOW_MS, 253_402_300_799_000L);
        return LocalDate.ofInstant(Instant.ofEpochMilli(limitedMs), ZoneOffset.UTC);
    }

    /// A reader did not find the block: it is missing from answers until its day is listed again,
    /// which the next refresh does.
    void vanished(BlockId id) {
        if (lost.add(id)) {
            vanished.incrementAndGet();
        }
    }

    public CatalogStats stats() {
        int blocks = 0;
        int half = 0;
        int unknown = 0;
        long sizeBytes = 0;
        for (DayListing day : days.values()) {
            half += day.halfBlocks();
            unknown += day.unknownNames();
            sizeBytes += day.histBytes();
            for (BlockEntry entry : day.entries()) {
                blocks += isLost(entry.id()) ? 0 : 1;
                sizeBytes += entry.series().sizeBytes() + entry.samples().sizeBytes();
            }
        }
        return new CatalogStats(
                blocks,
                sizeBytes,
                half,
                unknown,
                overLimit,
                vanished.get(),
                refreshes.get(),
                refreshErrors.get(),
                fileErrors.get(),
                refreshedMs);
    }
}
