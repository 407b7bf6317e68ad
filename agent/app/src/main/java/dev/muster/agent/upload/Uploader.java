package dev.muster.agent.upload;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.write.BlockUpload;
import dev.muster.blocks.write.BlockWriter;
import dev.muster.blocks.write.BlockWriterConfig;
import dev.muster.blocks.write.LocalBlock;
import dev.muster.blocks.write.ShipResult;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Ships closed windows as blocks, oldest first, and lets the head release them some time after
/// their block is confirmed.
///
/// Nothing is lost by a crash at any point: the window is there until it is released, its block has
/// the same name and the same bytes each time, and shipping a block again finds it there. While the
/// store is away, windows wait in the head and attempts go on with growing pauses.
public final class Uploader implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Uploader.class.getName());
    private static final long CLOSE_MS = 10_000;

    private final UploadPlan plan;
    private final ClosedWindows windows;
    private final Bucket bucket;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final BlockWriter writer = new BlockWriter(BlockWriterConfig.DEFAULT);
    private final UploadMetrics metrics = new UploadMetrics();
    private final ConfirmedWindows confirmed;
    private final ShipmentLog log;
    private final WindowCompanion companion;
    private final Object wake = new Object();

    private @Nullable LocalBlock local;
    private int failuresInARow;
    private volatile String error = "";
    private volatile boolean closed;
    private @Nullable Thread thread;

    /// @param random spreads the pauses of many agents
    /// @throws IOException if the plan's directory cannot be used
    public Uploader(
            UploadPlan plan,
            ClosedWindows windows,
            Bucket bucket,
            InstantSource clock,
            RandomGenerator random)
            throws IOException {
        this(plan, windows, bucket, clock, random, WindowCompanion.NONE);
    }

    /// @param companion shipped with each window, after its block
    public Uploader(
            UploadPlan plan,
            ClosedWindows windows,
            Bucket bucket,
            InstantSource clock,
            RandomGenerator random,
            WindowCompanion companion)
            throws IOException {
        this.companion = companion;
        this.plan = plan;
        this.windows = windows;
        this.bucket = bucket;
        this.clock = clock;
        this.random = random;
        confirmed = ConfirmedWindows.open(plan.directory());
        log = new ShipmentLog(plan::block);
        deleteLeftovers();
    }

    /// Blocks of an earlier run that were on their way: they are written anew.
    private void deleteLeftovers() throws IOException {
        try (var files = Files.newDirectoryStream(plan.directory(), "*.parquet*")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// Starts the thread that ships.
    public void start() {
        Thread started = new Thread(this::run, "muster-upload");
        started.setDaemon(true);
        started.start();
        thread = started;
    }

    private void run() {
        while (!closed) {
            long pauseMs = step();
            synchronized (wake) {
                try {
                    if (!closed) {
                        wake.wait(pauseMs);
                    }
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    /// Does what there is to do now.
    ///
    /// @return how long to wait until the next call, in milliseconds
    long step() {
        try {
            List<TimeRange> closedWindows = windows.closed();
            for (TimeRange window : closedWindows) {
                if (closed) {
                    break;
                }
                OptionalLong confirmedMs = confirmed.confirmedMs(window);
                if (confirmedMs.isEmpty()) {
                    ship(window);
                    companion.ship(window);
                    confirmed.confirm(window, clock.millis());
                } else if (clock.millis() - confirmedMs.getAsLong() >= plan.retain().toMillis()) {
                    windows.release(window);
                    log.released(window);
                    metrics.released.increment();
                }
            }
            succeeded();
            return plan.interval().toMillis();
        } catch (IOException e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            if (failuresInARow == 0) {
                LOG.log(Level.ERROR, "block shipping failed by a defect and is tried again", e);
            }
            return failed(String.valueOf(e));
        }
    }

    private void succeeded() throws IOException {
        List<TimeRange> left = windows.closed();
        confirmed.keepOnly(left);
        countWindows(left);
        if (failuresInARow > 0) {
            LOG.log(Level.INFO, () -> "block shipping works again bucket=" + bucket.describe());
        }
        failuresInARow = 0;
        error = "";
        metrics.pauseMs.set(0);
    }

    private void countWindows(List<TimeRange> left) {
        long done = left.stream().filter(w -> confirmed.confirmedMs(w).isPresent()).count();
        metrics.retaining.set(done);
        metrics.pending.set(left.size() - done);
        log.publish(left, confirmed::confirmedMs);
    }

    private long failed(String why) {
        metrics.failures.increment();
        countWindows(windows.closed());
        long mostMs =
                Math.min(
                        plan.retryMax().toMillis(),
                        UploadPlan.FIRST_RETRY.toMillis() << Math.min(failuresInARow, 20));
        long pauseMs = mostMs / 2 + random.nextLong(mostMs / 2 + 1);
        if (failuresInARow++ == 0 || !why.equals(error)) {
            LOG.log(
                    Level.WARNING,
                    () -> "block not shipped, tried again pauseMs=" + pauseMs + ": " + why);
        }
        error = why;
        metrics.pauseMs.set(pauseMs);
        return pauseMs;
    }

    private void ship(TimeRange window) throws IOException {
        LocalBlock block = local;
        if (block == null || !block.id().range().equals(window)) {
            block = write(window);
        }
        if (block.sampleCount() > 0) {
            ShipResult result = BlockUpload.ship(bucket, block);
            LocalBlock shipped = block;
            metrics.shipped(block, result, clock.millis());
            LOG.log(
                    Level.INFO,
                    () ->
                            "block shipped key="
                                    + shipped.id().seriesKey()
                                    + " samples="
                                    + shipped.sampleCount()
                                    + " sizeBytes="
                                    + shipped.sizeBytes()
                                    + " result="
                                    + result);
        }
        log.shipped(block, clock.millis());
        local = null;
        delete(block);
    }

    private LocalBlock write(TimeRange window) throws IOException {
        LocalBlock stale = local;
        if (stale != null) {
            local = null;
            delete(stale);
        }
        long startNanos = System.nanoTime();
        BlockId id = plan.block(window);
        LocalBlock block = writer.write(id, windows.samples(window), plan.directory());
        metrics.writeNanos.add(System.nanoTime() - startNanos);
        local = block;
        return block;
    }

    private static void delete(LocalBlock block) throws IOException {
        for (Path file : block.files()) {
            Files.deleteIfExists(file);
        }
    }

    /// Blocks confirmed since the start.
    public long blocksShipped() {
        return metrics.shippedTotal();
    }

    /// Closed windows not yet shipped.
    public long blocksPending() {
        return metrics.pending.get();
    }

    /// The last closed windows and how far their blocks have come, oldest first.
    public List<Shipment> shipments() {
        return log.all();
    }

    /// Why the last attempt failed; empty if it did not.
    public String error() {
        return error;
    }

    public void writeMetrics(ExpositionWriter out) {
        metrics.write(out);
    }

    /// Stops after the block that is on its way.
    @Override
    public void close() {
        closed = true;
        synchronized (wake) {
            wake.notifyAll();
        }
        Thread running = thread;
        if (running != null) {
            try {
                running.join(CLOSE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
