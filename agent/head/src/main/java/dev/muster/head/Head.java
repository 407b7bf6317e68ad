package dev.muster.head;

import dev.muster.head.block.WindowSource;
import dev.muster.head.disk.Disk;
import dev.muster.head.memory.ExemplarCounts;
import dev.muster.head.memory.Limits;
import dev.muster.head.memory.Restored;
import dev.muster.head.memory.Store;
import dev.muster.head.memory.StoreStats;
import dev.muster.head.wal.Wal;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.ExemplarSource;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SampleSink;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesExemplars;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Consumer;

/// The recent samples of one host: what was appended and not yet released, in memory and on local
/// disk. Thread-safe.
///
/// A commit is in the operating system's hands when it returns, so the death of the process loses
/// nothing; a power loss costs at most the sync interval.
public final class Head implements SampleSink, SeriesSource, ExemplarSource, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Head.class.getName());

    private final DirectoryLock lock;
    private final Store store;
    private final Upkeep upkeep;
    private final long openMs;
    private boolean closed;

    private Head(DirectoryLock lock, Store store, Upkeep upkeep, long openMs) {
        this.lock = lock;
        this.store = store;
        this.upkeep = upkeep;
        this.openMs = openMs;
    }

    /// Opens the directory, which is created where it does not exist: reads back what the log
    /// holds, cuts a torn tail.
    ///
    /// @throws IOException if another process uses the directory, or it cannot be read or written;
    ///   a [dev.muster.head.wal.WalCorruptionException] if what is there makes no sense
    public static Head open(HeadConfig config, InstantSource clock) throws IOException {
        return open(config, clock, Disk.local());
    }

    static Head open(HeadConfig config, InstantSource clock, Disk disk) throws IOException {
        long begun = System.nanoTime();
        Path directory = config.directory();
        Files.createDirectories(directory.resolve("wal"));
        Files.createDirectories(directory.resolve("chunks"));
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            Store store = Store.open(disk, directory, limits(config), clock);
            Upkeep upkeep = new Upkeep(store, config);
            upkeep.start();
            return new Head(lock, store, upkeep, (System.nanoTime() - begun) / 1_000_000);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Limits limits(HeadConfig config) {
        return new Limits(
                config.window().toMillis(),
                config.outOfOrderWindow().toMillis(),
                config.maxAhead().toMillis(),
                config.seriesLimit(),
                config.lateLimit(),
                config.openBytesLimit(),
                config.walSegmentBytes(),
                config.exemplarLimit(),
                config.idleTimeout().toMillis());
    }

    /// The appender of an origin. Appenders of different origins may be used beside each other.
    ///
    /// @throws IllegalStateException if the origin has an appender that is not closed
    @Override
    public SampleAppender appender(String origin) throws IOException {
        return store.appender(origin);
    }

    /// Calls the listener with the labels of each series that is to come from now on, before it can
    /// be found. It is called under locks: it must be quick, and ask this head for nothing.
    public void onSeries(Consumer<Labels> listener) {
        store.onSeries(listener);
    }

    /// A snapshot: of each scrape it holds all or nothing.
    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        return store.select(request);
    }

    @Override
    public SortedSet<String> labelNames(SelectRequest request) throws IOException {
        return store.labelNames(request);
    }

    @Override
    public SortedSet<String> labelValues(String name, SelectRequest request) throws IOException {
        return store.labelValues(name, request);
    }

    /// The newest exemplars of all series, at most the limit, are kept in memory and in the log.
    @Override
    public List<SeriesExemplars> exemplars(TimeRange range, List<List<LabelMatcher>> anyOf)
            throws IOException {
        return store.exemplars(range, anyOf);
    }

    /// Windows that ended, take no more samples, hold some and are not released, oldest first.
    ///
    /// A window is closed when the clock has passed its end by the out-of-order window. Samples for
    /// it are refused from then on.
    public List<TimeRange> closedWindows() {
        return store.retention().closedWindows();
    }

    /// Exactly the samples of a window, late ones merged: what a block is written from.
    public SeriesSource window(TimeRange window) {
        return new WindowSource(this, window);
    }

    /// Forgets the samples of a window, whose block is safe elsewhere: memory, chunks and log of it
    /// go. Does nothing where it was released before; holds after a restart.
    ///
    /// @throws IOException if that could not be logged; the window is then still there
    public void release(TimeRange window) throws IOException {
        store.retention().release(window);
    }

    /// Takes series that have had no sample for the idle time out of memory now, as is done on its
    /// own from time to time. Their samples stay, and are found.
    ///
    /// @throws IOException if that could not be written; they are in memory then
    public void releaseIdle() throws IOException {
        store.retention().retire(true);
    }

    /// Writes a checkpoint now, so that the next open has less to replay.
    public void checkpoint() throws IOException {
        store.retention().checkpoint();
    }

    /// How far the log has come: everything committed lies before it.
    public Wal.Position walPosition() {
        return store.walPosition();
    }

    /// What the series and open samples cost in memory now. Takes the locks of all origins, one
    /// after the other.
    public HeadMemory memory() {
        return new HeadMemory(store.openBytes(), store.indexBytes());
    }

    /// What series take of memory now, whatever samples they have. Takes the locks of all origins,
    /// one after the other.
    public SeriesFootprint footprint() {
        return new SeriesFootprint(store.seriesBytes(), store.seriesCollected());
    }

    /// What is held and what happened so far.
    public HeadStats stats() {
        StoreStats now = store.stats();
        Restored restored = store.restored();
        ExemplarCounts exemplars = now.exemplars();
        return new HeadStats(
                now.series(),
                now.origins(),
                now.samplesAppended(),
                now.commits(),
                now.commitFailures(),
                now.refused(),
                now.seriesOverLimit(),
                now.seriesCollected(),
                new HeadMemory(now.openBytes(), now.indexBytes()),
                now.walBytes(),
                now.walSegments(),
                now.chunkBytes(),
                now.windows(),
                now.oldestMs(),
                now.newestMs(),
                restored.commits(),
                restored.samples(),
                openMs,
                restored.tornBytes(),
                restored.damagedBytes(),
                restored.lostCommits(),
                now.chunksDamaged(),
                now.checkpoints(),
                now.checkpointFailures(),
                upkeep.dropped(),
                now.droppedWindows(),
                new ExemplarStats(
                        exemplars.held(),
                        exemplars.appended(),
                        exemplars.repeated(),
                        exemplars.evicted(),
                        exemplars.refused()),
                new SeriesActivity(
                        now.series() - now.seriesIdle(), now.seriesIdle(), now.seriesRetired()));
    }

    /// Writes a checkpoint and releases the directory. What was committed is kept even where this
    /// fails.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        upkeep.end();
        try (lock) {
            try {
                store.retention().checkpoint();
            } finally {
                store.close();
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "head was not closed cleanly; the next open replays the log",
                    e);
        }
    }

    /// Releases the directory and writes nothing, as a killed process does.
    void abandon() throws IOException {
        closed = true;
        upkeep.end();
        try (lock) {
            store.close();
        }
    }
}
