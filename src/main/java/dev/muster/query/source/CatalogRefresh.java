package dev.muster.query.source;

import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.tombstone.TombstoneStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Refreshes the catalog of blocks and the tombstones from time to time, on a thread of its own. A
/// bucket that is away is logged once, until it is back.
public final class CatalogRefresh implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CatalogRefresh.class.getName());

    private final BlockCatalog catalog;
    private final TombstoneStore tombstones;
    private final Runnable changed;
    private final After after;
    private final Duration interval;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("catalog-refresh").factory());

    /// Version of the tombstones that was told last. Confined to the thread.
    private long seen;

    private volatile boolean tried;
    private volatile boolean failing;

    /// What is done after each refresh.
    @FunctionalInterface
    public interface After {
        /// Does it; the next refresh waits for it.
        void run() throws IOException;
    }

    /// @param changed told when other samples are hidden than before
    /// @param after done when blocks may be new; a node is ready without it
    public CatalogRefresh(
            BlockCatalog catalog,
            TombstoneStore tombstones,
            Runnable changed,
            After after,
            Duration interval) {
        this.catalog = catalog;
        this.tombstones = tombstones;
        this.changed = changed;
        this.after = after;
        this.interval = interval;
    }

    /// Begins; the first refresh runs at once, in the background.
    public void start() {
        var _ =
                thread.scheduleWithFixedDelay(
                        this::refresh, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Has a refresh ended, well or not?
    public boolean tried() {
        return tried;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void refresh() {
        try {
            catalog.refresh();
            tombstones.refresh();
            if (tombstones.version() != seen) {
                seen = tombstones.version();
                changed.run();
            }
            if (failing) {
                LOG.log(System.Logger.Level.INFO, "catalog can be read again");
            }
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        () ->
                                "catalog cannot be refreshed, keeps what it knows: "
                                        + e.getMessage());
            }
            failing = true;
        } finally {
            tried = true;
        }
        afterwards();
    }

    private void afterwards() {
        try {
            after.run();
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "blocks were not read ahead: " + e);
        }
    }
}
