package dev.muster.query;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.compact.Compaction;
import dev.muster.blocks.compact.CompactionConfig;
import dev.muster.blocks.compact.CompactionStats;
import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.tombstone.TombstoneStore;
import dev.muster.federation.assign.Rendezvous;
import dev.muster.model.time.TimeRange;
import dev.muster.query.cluster.ClusterNode;
import dev.muster.query.load.ActiveQueries;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Merges the blocks of the cells and days that are this node's, one merge at a time, and lets
/// queries go before: after each row group it waits until none runs, for a while.
final class CompactionWiring implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CompactionWiring.class.getName());
    private static final TimeRange EVER = new TimeRange(0, 253_402_300_800_000L);
    private static final long FIRST_SECONDS = 60;
    private static final long SWEEP_MS = 3_600_000;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /// Days of which leftovers are looked for in each sweep: the last ones, and as many in turn.
    private static final int SWEPT_DAYS = 8;

    /// Looks in one round: what was merged may make more due, windows before their day.
    private static final int LOOKS = 4;

    private final CompactionKeys keys;
    private final boolean on;
    private final Compaction compaction;
    private final BlockCatalog catalog;
    private final ActiveQueries queries;
    private final Optional<ClusterNode> cluster;
    private final InstantSource clock;
    private final Path scratch;
    private final LongAdder rounds = new LongAdder();
    private final LongAdder failedRounds = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();
    private long sweptMs;
    private int turn;
    private volatile boolean closed;
    private @Nullable ScheduledExecutorService executor;

    /// @param store whether there is one
    CompactionWiring(
            QueryConfig config,
            boolean store,
            Bucket bucket,
            BlockCatalog catalog,
            TombstoneStore tombstones,
            ActiveQueries queries,
            Optional<ClusterNode> cluster,
            MeterRegistry registry,
            InstantSource clock) {
        keys = config.compaction();
        on = keys.enabled() && store;
        this.catalog = catalog;
        this.queries = queries;
        this.cluster = cluster;
        this.clock = clock;
        scratch = scratch(config);
        compaction =
                new Compaction(
                        bucket, config(keys), tombstones::all, scratch, clock, this::giveWay);
        if (on) {
            register(registry);
        }
    }

    static CompactionConfig config(CompactionKeys keys) {
        if (keys.interval().toMillis() < 1_000) {
            throw new StartException(
                    StartException.Reason.CONFIG,
                    "muster.compaction.interval: must be at least 1s: found=" + keys.interval());
        }
        long memory =
                keys.memory()
                        .map(size -> size.asLongValue())
                        .orElse(Math.max(48L << 20, Runtime.getRuntime().maxMemory() / 8));
        return Settings.checked(
                "muster.compaction",
                () ->
                        CompactionConfig.DEFAULT
                                .after(keys.minAge(), keys.grace())
                                .within(keys.maxSize().asLongValue(), memory, keys.maxBlocks()));
    }

    private static Path scratch(QueryConfig config) {
        return config.compaction()
                .directory()
                .map(Path::of)
                .orElseGet(() ->
                        config.cache()
                                .directory()
                                .map(directory -> Path.of(directory, "compaction"))
                                .orElseGet(() ->
                                        Path.of(
                                                System.getProperty("java.io.tmpdir"),
                                                "muster-compaction-"
                                                        + ProcessHandle.current().pid())));
    }

    private void register(MeterRegistry registry) {
        CompactionStats stats = compaction.stats();
        counter(registry, "merges", "Merges whose blocks are seen.", stats, s -> s.merges());
        counter(registry, "failures", "Merges that failed.", stats, s -> s.failures());
        counter(registry, "lost", "Merges in vain, as others merged too.", stats, s -> s.lost());
        counter(
                registry,
                "given_up",
                "Merges that failed so often that they are left alone for a day.",
                stats,
                s -> s.givenUp());
        counter(registry, "blocks_in", "Blocks that were merged.", stats, s -> s.blocksIn());
        counter(registry, "blocks_out", "Blocks that came of it.", stats, s -> s.blocksOut());
        counter(registry, "bytes_in", "Bytes of blocks merged.", stats, s -> s.bytesIn());
        counter(registry, "bytes_out", "Bytes of blocks made.", stats, s -> s.bytesOut());
        counter(
                registry,
                "deleted_objects",
                "Files deleted that were replaced, or that merges left behind.",
                stats,
                s -> s.deletedObjects());
        counter(registry, "deleted_bytes", "Bytes of these files.", stats, s -> s.deletedBytes());
        counter(registry, "rounds", "Looks for what is due.", rounds, LongAdder::sum);
        counter(registry, "failed_rounds", "Looks that failed.", failedRounds, LongAdder::sum);
        counter(
                registry,
                "waited_seconds",
                "Time that merges waited for queries.",
                waitedNanos,
                nanos -> nanos.sum() / 1e9);
        Gauge.builder("muster_compaction_backlog_days", stats, s -> s.backlog())
                .description("Cells and days of this node with merges that are due.")
                .register(registry);
    }

    private static <T> void counter(
            MeterRegistry registry, String name, String description, T of, ToDoubleFunction<T> by) {
        FunctionCounter.builder("muster_compaction_" + name, of, by)
                .description(description)
                .register(registry);
    }

    void start() {
        if (on) {
            removeScratch();
            ScheduledExecutorService thread =
                    Executors.newSingleThreadScheduledExecutor(
                            Thread.ofPlatform()
                                    .daemon()
                                    .priority(Thread.MIN_PRIORITY)
                                    .name("muster-compaction")
                                    .factory());
            long everyMs = keys.interval().toMillis();
            var _ =
                    thread.scheduleWithFixedDelay(
                            this::round,
                            Math.min(TimeUnit.SECONDS.toMillis(FIRST_SECONDS), everyMs),
                            everyMs,
                            TimeUnit.MILLISECONDS);
            executor = thread;
        }
    }

    private void round() {
        try {
            rounds.increment();
            boolean more = catalog.stats().refreshes() > 0;
            for (int i = 0; i < LOOKS && more; i++) {
                more = compaction.round(catalog.blocks(EVER), this::isMine);
                if (more) {
                    catalog.refresh();
                }
            }
            if (clock.millis() - sweptMs >= SWEEP_MS) {
                sweptMs = clock.millis();
                compaction.sweep(sweptDays(), this::isMine);
            }
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                failedRounds.increment();
                LOG.log(
                        System.Logger.Level.WARNING,
                        "compaction could not look for what is due, and goes on later",
                        e);
            }
        }
    }

    private List<LocalDate> sweptDays() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        List<LocalDate> days = new ArrayList<>();
        for (int back = 0; back < SWEPT_DAYS; back++) {
            days.add(today.minusDays(back));
            days.add(today.minusDays(SWEPT_DAYS + turn));
            turn = (turn + 1) % 400;
        }
        return days;
    }

    /// Of the nodes that are ready each cell and day has one; alone, all are this node's.
    private boolean isMine(String cell, LocalDate date) {
        if (cluster.isEmpty()) {
            return true;
        }
        List<String> ready = cluster.get().readyNodes();
        return !ready.isEmpty()
                && Rendezvous.rank(cell + "/" + date, ready)
                        .getFirst()
                        .equals(cluster.get().self());
    }

    private void giveWay() throws IOException {
        long start = System.nanoTime();
        long end = start + keys.maxWait().toNanos();
        while (!queries.all().isEmpty() && System.nanoTime() - end < 0 && !closed) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        waitedNanos.add(System.nanoTime() - start);
        if (closed || Thread.currentThread().isInterrupted()) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("compaction: node stops");
        }
    }

    @Override
    public void close() {
        closed = true;
        if (executor != null) {
            executor.shutdownNow();
        }
        removeScratch();
    }

    private void removeScratch() {
        if (!Files.isDirectory(scratch)) {
            return;
        }
        try (Stream<Path> files = Files.list(scratch)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    () -> "files of a merge could not be removed directory=" + scratch,
                    e);
        }
    }
}
