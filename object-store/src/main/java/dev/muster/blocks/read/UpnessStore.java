package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.schema.UpnessBlockId;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// The table `upness` of a bucket. Thread-safe.
///
/// Every agent ships its view of its whole cell; here as many of a cell's files of a window are
/// read as it takes to have it watched without a gap by two observers, and no more than a limit.
public final class UpnessStore {
    private static final int OBSERVERS = 2;
    private static final int OBSERVERS_LIMIT = 8;
    private static final long TODAY_FRESH_MS = 15_000;
    private static final long PAST_FRESH_MS = 600_000;
    private static final int LISTINGS_LIMIT = 400;

    /// Memory of an entry, about.
    private static final long ENTRY_BYTES = 160;

    private final Bucket bucket;
    private final InstantSource clock;
    private final Map<LocalDate, Listing> listings = new ConcurrentHashMap<>();
    private final WeightedCache<String, List<UpnessRun>> files;

    private record Listing(long atMs, List<UpnessBlockId> ids) {}

    /// What was read.
    ///
    /// @param runs of any observers
    /// @param untilMs end of the last window of each cell that has a file of its log
    /// @param warnings files that could not be read
    public record Found(List<UpnessRun> runs, Map<String, Long> untilMs, List<String> warnings) {
        public Found {
            runs = List.copyOf(runs);
            untilMs = Map.copyOf(untilMs);
            warnings = List.copyOf(warnings);
        }
    }

    /// @param cacheBytes memory for files that were read
    public UpnessStore(Bucket bucket, long cacheBytes, InstantSource clock) {
        this.bucket = bucket;
        this.clock = clock;
        files = new WeightedCache<>(cacheBytes, UpnessStore::weight);
    }

    private static long weight(List<UpnessRun> runs) {
        return 200 + ENTRY_BYTES * runs.stream().mapToLong(run -> run.entries().size()).sum();
    }

    /// The runs that say something of a range.
    ///
    /// @param cells which cells are wanted
    /// @throws IOException if the bucket cannot be listed
    public Found read(TimeRange range, Predicate<String> cells, ReadBudget budget)
            throws IOException {
        Map<String, Map<TimeRange, List<UpnessBlockId>>> wanted = new TreeMap<>();
        Map<String, Long> untilMs = new TreeMap<>();
        for (UpnessBlockId id : list(range)) {
            if (cells.test(id.cell()) && id.range().overlaps(range)) {
                wanted.computeIfAbsent(id.cell(), _ -> new TreeMap<>())
                        .computeIfAbsent(id.range(), _ -> new ArrayList<>())
                        .add(id);
                if (id.lateMs() == 0) {
                    untilMs.merge(id.cell(), id.range().endMs(), Math::max);
                }
            }
        }
        List<UpnessRun> runs = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Map<TimeRange, List<UpnessBlockId>> windows : wanted.values()) {
            for (Map.Entry<TimeRange, List<UpnessBlockId>> window : windows.entrySet()) {
                budget.check();
                readWindow(window.getKey(), window.getValue(), runs, warnings, budget);
            }
        }
        return new Found(runs, untilMs, warnings);
    }

    private void readWindow(
            TimeRange window,
            List<UpnessBlockId> ids,
            List<UpnessRun> into,
            List<String> warnings,
            ReadBudget budget) {
        ids.sort(Comparator.comparingInt(id -> spread(id.host())));
        long watchedMs = 0;
        int observers = 0;
        for (UpnessBlockId id : ids) {
            boolean enough =
                    observers >= OBSERVERS_LIMIT
                            || (observers >= OBSERVERS
                                    && watchedMs >= OBSERVERS * window.lengthMs());
            if (id.lateMs() == 0 && enough) {
                continue;
            }
            try {
                List<UpnessRun> runs = files.get(id.key(), () -> read(id, budget));
                into.addAll(runs);
                if (id.lateMs() == 0) {
                    observers++;
                    watchedMs += runs.stream().mapToLong(r -> r.untilMs() - r.fromMs()).sum();
                }
            } catch (IOException e) {
                warnings.add("upness file left out key=" + id.key() + ": " + e.getMessage());
            }
        }
    }

    /// Different hosts come first in different order, yet everywhere the same.
    private static int spread(String host) {
        return host.hashCode() * 0x9E3779B9;
    }

    private List<UpnessRun> read(UpnessBlockId id, ReadBudget budget) throws IOException {
        Optional<ObjectInfo> found = bucket.stat(id.key());
        if (found.isEmpty()) {
            return List.of();
        }
        int size = Math.toIntExact(found.get().sizeBytes());
        budget.chargeFetchedBytes(size);
        List<UpnessRun> runs = UpnessFileReader.read(bucket.range(id.key(), 0, size));
        budget.chargeMemory(weight(runs));
        return runs;
    }

    private Collection<UpnessBlockId> list(TimeRange range) throws IOException {
        LocalDate first = date(range.startMs() - 86_400_000);
        LocalDate last = date(Math.min(range.endMs(), clock.millis() + 86_400_000));
        List<UpnessBlockId> ids = new ArrayList<>();
        for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
            ids.addAll(list(day));
        }
        return ids;
    }

    private static LocalDate date(long ms) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(Math.max(0, ms)), ZoneOffset.UTC);
    }

    private List<UpnessBlockId> list(LocalDate day) throws IOException {
        long nowMs = clock.millis();
        boolean past = day.isBefore(date(nowMs).minusDays(1));
        Listing known = listings.get(day);
        if (known != null && nowMs - known.atMs < (past ? PAST_FRESH_MS : TODAY_FRESH_MS)) {
            return known.ids;
        }
        List<UpnessBlockId> ids =
                bucket.list(UpnessBlockId.prefix(day)).stream()
                        .flatMap(object -> UpnessBlockId.ofKey(object.key()).stream())
                        .toList();
        if (listings.size() >= LISTINGS_LIMIT) {
            listings.clear();
        }
        listings.put(day, new Listing(nowMs, ids));
        return ids;
    }
}
