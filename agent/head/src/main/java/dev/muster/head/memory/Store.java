package dev.muster.head.memory;

import dev.muster.head.chunk.ChunkKind;
import dev.muster.head.chunk.SealedChunk;
import dev.muster.head.disk.Disk;
import dev.muster.head.index.Numbers;
import dev.muster.head.index.SeriesIndex;
import dev.muster.head.wal.CommitEncoder;
import dev.muster.head.wal.Wal;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesExemplars;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Series and samples of all origins. Thread-safe.
public final class Store {
    /*
     * Locks, in the order in which they may be taken together:
     *
     *   Retention's monitor   checkpoint, release and drop exclude each other
     *   indexLock             which series there are; a select holds it to read while it takes its snapshot,
     *                         so that a series cannot lose its slot between the two
     *   Origin.lock           samples of one origin: commit, seal, view
     *   Wal, Windows, ChunkFile monitors
     *
     * A commit takes the lock of its origin only, so commits run beside each other and beside selects.
     * A snapshot takes the view of each origin under its lock, so it holds whole commits only.
     */
    private static final System.Logger LOG = System.getLogger(Store.class.getName());

    /// Lent stagings that rest are kept up to this number.
    private static final int STAGINGS_KEPT = 16;

    /// Larger ones are not kept.
    private static final long STAGING_BYTES_KEPT = 8 << 20;

    private final Limits limits;
    private final InstantSource clock;
    private final Counters counters = new Counters();
    private final SeriesIndex index = new SeriesIndex();
    private final ReentrantReadWriteLock indexLock = new ReentrantReadWriteLock();
    private final Map<String, Origin> origins = new ConcurrentHashMap<>();
    private final ConcurrentLinkedDeque<Staging> stagings = new ConcurrentLinkedDeque<>();
    private final Set<SealedChunk> damaged = ConcurrentHashMap.newKeySet();
    private final Windows windows;
    private final Restored restored;
    private final Wal wal;
    private final Retention retention;
    private final ExemplarRing exemplars;
    private volatile Consumer<Labels> newSeries = _ -> {};
    private int nextOrigin;
    private volatile long acceptFloorMs = Long.MIN_VALUE;
    private volatile int slotBytes;

    /// Series that are not in memory any more and whose samples are.
    private volatile int retiredSeries;

    private volatile boolean closed;

    private Store(Disk disk, Path directory, Limits limits, InstantSource clock)
            throws IOException {
        this.limits = limits;
        this.clock = clock;
        windows = new Windows(disk, directory.resolve("chunks"), limits.windowMs());
        slotBytes = limits.slotBytes(0);
        exemplars = new ExemplarRing(limits.exemplars());
        Restore restore = new Restore(this, disk, directory);
        restored = restore.run();
        wal =
                new Wal(
                        disk,
                        directory.resolve("wal"),
                        restored.nextSegment(),
                        restored.nextSequence(),
                        limits.walSegmentBytes());
        retention = new Retention(this, disk, directory);
    }

    /// Opens what lies in the directory, whose sub-directories exist.
    public static Store open(Disk disk, Path directory, Limits limits, InstantSource clock)
            throws IOException {
        Store store = new Store(disk, directory, limits, clock);
        store.countRetired();
        if (!store.restored.damage().isEmpty()) {
            store.retention.checkpoint();
        }
        return store;
    }

    /// The appender of an origin.
    ///
    /// @throws IllegalStateException if it has one that is open
    /// @throws IOException if the store is closed
    public SampleAppender appender(String name) throws IOException {
        requireOpen();
        indexLock.writeLock().lock();
        try {
            Origin origin = origins.computeIfAbsent(name, key -> new Origin(nextOrigin++, key));
            origin.lock.lock();
            try {
                if (origin.appender() != null) {
                    throw new IllegalStateException(
                            "origin must have one open appender at most: origin=" + name);
                }
                OriginAppender appender = new OriginAppender(this, origin);
                origin.appender(appender);
                return appender;
            } finally {
                origin.lock.unlock();
            }
        } finally {
            indexLock.writeLock().unlock();
        }
    }

    /// The appender of this origin was closed. What is open stays until the next checkpoint, so
    /// that a source that opens an appender for each push does not seal a chunk for each.
    void closed(Origin origin) {
        origin.lock.lock();
        try {
            origin.appender(null);
        } finally {
            origin.lock.unlock();
        }
    }

    /// The slot of a series of an origin; -1 if it would be one too many.
    int series(Origin origin, Labels labels, MetricMetadata metadata) {
        indexLock.readLock().lock();
        try {
            int number = index.find(labels, origin.number);
            if (number >= 0 && index.metadata(number).equals(metadata)) {
                return index.slot(number);
            }
        } finally {
            indexLock.readLock().unlock();
        }
        indexLock.writeLock().lock();
        try {
            int number = index.find(labels, origin.number);
            if (number >= 0) {
                index.describe(number, metadata);
                pend(origin, index.slot(number), labels, metadata);
                return index.slot(number);
            }
            if (index.size() + retiredSeries >= limits.series()) {
                return -1;
            }
            return pend(origin, -1, labels, metadata);
        } finally {
            indexLock.writeLock().unlock();
        }
    }

    /// The slot of a series that there is; -1 if there is none.
    int find(Origin origin, Labels labels) {
        indexLock.readLock().lock();
        try {
            int number = index.find(labels, origin.number);
            return number < 0 ? -1 : index.slot(number);
        } finally {
            indexLock.readLock().unlock();
        }
    }

    /// Memory that series take, whatever samples they have: labels, index, slots. Roughly.
    public long seriesBytes() {
        long bytes = 0;
        for (Origin origin : origins()) {
            origin.lock.lock();
            try {
                bytes += origin.slotBytes();
            } finally {
                origin.lock.unlock();
            }
        }
        return bytes + indexBytes();
    }

    /// Series forgotten because their last samples were released, since the store was opened.
    public long seriesCollected() {
        return counters.collected.sum();
    }

    /// Notes a definition for the log; of a new series where there is no slot yet.
    private int pend(Origin origin, int known, Labels labels, MetricMetadata metadata) {
        origin.lock.lock();
        try {
            int slot = known;
            if (slot < 0) {
                slot = origin.allocate(clock.millis());
                newSeries.accept(labels);
                origin.series(slot, index.add(labels, metadata, origin.number, slot));
                slotBytes = limits.slotBytes(index.size());
            }
            CommitEncoder.definition(slot, labels, metadata, origin.log.pendingBytes);
            origin.log.pending.add(slot);
            return slot;
        } finally {
            origin.lock.unlock();
        }
    }

    /// Calls the listener with the labels of each series that is to come from now on, before it can
    /// be found. It is called under locks: it must be quick, and touch nothing of this store.
    public void onSeries(Consumer<Labels> listener) {
        newSeries = listener;
    }

    /// The matching series that may have samples in the range, as they are now.
    public SeriesSet select(SelectRequest request) throws IOException {
        requireOpen();
        indexLock.readLock().lock();
        try {
            return new Selection(this, request).run();
        } finally {
            indexLock.readLock().unlock();
        }
    }

    /// The exemplars in the range of the series that match one of the sets of matchers.
    public List<SeriesExemplars> exemplars(TimeRange range, List<List<LabelMatcher>> anyOf)
            throws IOException {
        requireOpen();
        TreeMap<Labels, List<Exemplar>> found = new TreeMap<>();
        indexLock.readLock().lock();
        try {
            Numbers numbers = new Numbers();
            for (List<LabelMatcher> matchers : anyOf) {
                numbers.add(index.match(matchers));
            }
            exemplars
                    .of(numbers, range)
                    .forEach((number, some) ->
                            found.computeIfAbsent(index.labels(number), key -> new ArrayList<>())
                                    .addAll(some));
        } finally {
            indexLock.readLock().unlock();
        }
        List<SeriesExemplars> result = new ArrayList<>();
        found.forEach((labels, some) -> {
            some.sort(Comparator.comparingLong(Exemplar::timestampMs));
            result.add(new SeriesExemplars(labels, some));
        });
        return result;
    }

    /// Names of the labels of the matching series.
    public SortedSet<String> labelNames(SelectRequest request) throws IOException {
        requireOpen();
        indexLock.readLock().lock();
        try {
            Selection selection = new Selection(this, request);
            SortedSet<String> names = index.labelNames(selection.numbers());
            for (Labels labels : selection.retiredLabels()) {
                for (int i = 0; i < labels.size(); i++) {
                    names.add(labels.name(i));
                }
            }
            return names;
        } finally {
            indexLock.readLock().unlock();
        }
    }

    /// Values of a label of the matching series.
    public SortedSet<String> labelValues(String name, SelectRequest request) throws IOException {
        requireOpen();
        indexLock.readLock().lock();
        try {
            Selection selection = new Selection(this, request);
            SortedSet<String> values = index.labelValues(name, selection.numbers());
            for (Labels labels : selection.retiredLabels()) {
                String value = labels.valueOf(name);
                if (!value.isEmpty()) {
                    values.add(value);
                }
            }
            return values;
        } finally {
            indexLock.readLock().unlock();
        }
    }

    /// Counts and names a damaged chunk, the first time that it is met.
    void damaged(SealedChunk chunk) {
        if (damaged.add(chunk)) {
            counters.chunksDamaged.increment();
            log(
                    System.Logger.Level.ERROR,
                    "chunk is damaged, its samples are lost: " + chunk.where(),
                    null);
        }
    }

    Staging lend() {
        Staging staging = stagings.poll();
        return staging == null ? new Staging() : staging;
    }

    void giveBack(Staging staging) {
        staging.clear();
        if (stagings.size() < STAGINGS_KEPT && staging.sizeBytes() < STAGING_BYTES_KEPT) {
            stagings.push(staging);
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("head must be open");
        }
    }

    public StoreStats stats() {
        long oldest = Long.MAX_VALUE;
        long newest = Long.MIN_VALUE;
        long openBytes = 0;
        int originCount = 0;
        long sealFailures = 0;
        int idle = 0;
        long idleBeforeMs = clock.millis() - limits.idleMs();
        for (Origin origin : origins()) {
            origin.lock.lock();
            try {
                OriginView view = origin.view();
                oldest = Math.min(oldest, view.oldestMs());
                newest = Math.max(newest, view.newestMs());
                openBytes += origin.openBytes();
                originCount++;
                sealFailures += origin.sealFailures();
                idle += origin.idleCount(idleBeforeMs);
            } finally {
                origin.lock.unlock();
            }
        }
        int seriesCount;
        long indexBytes;
        indexLock.readLock().lock();
        try {
            seriesCount = index.size();
            indexBytes = index.sizeBytes();
        } finally {
            indexLock.readLock().unlock();
        }
        return new StoreStats(
                seriesCount,
                originCount,
                counters.samples.sum(),
                counters.commits.sum(),
                counters.commitFailures.sum(),
                counters.refused(),
                counters.overLimit.sum(),
                counters.collected.sum(),
                openBytes + stagingBytes() + exemplars.sizeBytes(),
                indexBytes,
                wal.sizeBytes(),
                wal.segments(),
                windows.sizeBytes(),
                windows.starts().size(),
                oldest,
                newest,
                counters.chunksDamaged.sum(),
                counters.checkpoints.sum(),
                counters.checkpointFailures.sum() + sealFailures,
                counters.dropped.sum(),
                exemplars.counts(),
                Math.min(idle, seriesCount),
                retiredSeries);
    }

    /// Memory of what is not sealed, and of what each series needs to go on.
    public long openBytes() {
        long bytes = stagingBytes() + exemplars.sizeBytes();
        for (Origin origin : origins()) {
            origin.lock.lock();
            try {
                bytes += origin.openBytes();
            } finally {
                origin.lock.unlock();
            }
        }
        return bytes;
    }

    /// Memory of labels, metadata and the index over them.
    public long indexBytes() {
        indexLock.readLock().lock();
        try {
            return index.sizeBytes();
        } finally {
            indexLock.readLock().unlock();
        }
    }

    /// Memory of the stagings that rest.
    private long stagingBytes() {
        long bytes = 0;
        for (Staging staging : stagings) {
            bytes += staging.sizeBytes();
        }
        return bytes;
    }

    /// Bytes of log and chunks.
    public long diskBytes() {
        return wal.sizeBytes() + windows.sizeBytes();
    }

    /// Forces the log to the device.
    public void sync() throws IOException {
        try {
            wal.sync();
        } catch (IOException e) {
            counters.checkpointFailures.increment();
            throw e;
        }
    }

    /// Takes no more calls. What is committed is in the log.
    public void close() throws IOException {
        closed = true;
        try {
            wal.close();
        } finally {
            windows.close();
        }
    }

    public Restored restored() {
        return restored;
    }

    public Retention retention() {
        return retention;
    }

    void log(System.Logger.Level level, String message, @Nullable Throwable cause) {
        LOG.log(level, () -> "head: " + message, cause);
    }

    Limits limits() {
        return limits;
    }

    ExemplarRing exemplars() {
        return exemplars;
    }

    Counters counters() {
        return counters;
    }

    SeriesIndex index() {
        return index;
    }

    ReentrantReadWriteLock indexLock() {
        return indexLock;
    }

    Windows windows() {
        return windows;
    }

    public Wal.Position walPosition() {
        return wal.position();
    }

    Wal wal() {
        return wal;
    }

    InstantSource clock() {
        return clock;
    }

    int slotBytes() {
        return slotBytes;
    }

    /// Samples before this time are in windows that were closed.
    long acceptFloorMs() {
        return acceptFloorMs;
    }

    /// Called by one thread at a time.
    void raiseAcceptFloor(long timeMs) {
        acceptFloorMs = Math.max(acceptFloorMs, timeMs);
    }

    /// Samples before this time are refused.
    long floorMs() {
        return Math.max(acceptFloorMs, clock.millis() - limits.outOfOrderMs());
    }

    /// Samples after this time are refused.
    long ceilingMs() {
        return clock.millis() + limits.maxAheadMs();
    }

    Collection<Origin> origins() {
        return origins.values();
    }

    /// The origins by number, so that what is written of them is the same each time.
    List<Origin> sortedOrigins() {
        List<Origin> sorted = new ArrayList<>(origins.values());
        sorted.sort((a, b) -> Integer.compare(a.number, b.number));
        return sorted;
    }

    /// Called under the index lock, or while the store opens.
    void addOrigin(Origin origin) {
        origins.put(origin.name, origin);
        nextOrigin = Math.max(nextOrigin, origin.number + 1);
    }

    /// Called under the index lock.
    void removeOrigin(Origin origin) {
        origins.remove(origin.name);
    }

    int nextOrigin() {
        return nextOrigin;
    }

    /// Called while the store opens.
    void nextOrigin(int number) {
        nextOrigin = Math.max(nextOrigin, number);
    }

    /// Called when series were retired, or windows with such series are gone.
    void countRetired() {
        long count = 0;
        for (Origin origin : origins()) {
            for (SealedChunk chunk : origin.sealed()) {
                if (chunk.kind() == ChunkKind.SERIES) {
                    count += entries(chunk);
                }
            }
        }
        retiredSeries = (int) Math.min(Integer.MAX_VALUE / 2, count);
    }

    private int entries(SealedChunk chunk) {
        try {
            return chunk.sound() ? chunk.entries() : 0;
        } catch (IOException e) {
            log(System.Logger.Level.WARNING, "series could not be counted: " + chunk.where(), e);
            return 0;
        }
    }

    /// Called when the number of series has changed.
    void updateSlotBytes() {
        slotBytes = limits.slotBytes(index.size());
    }
}
