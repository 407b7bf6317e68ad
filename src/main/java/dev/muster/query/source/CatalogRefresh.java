package dev.muster.query.source;

import dev.muster.blocks.read.BlockCatalog;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Refreshes the catalog of blocks from time to time, on a thread of its own. A bucket that is away
/// is logged once, until it is back.
public final class CatalogRefresh implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CatalogRefresh.class.getName());

    private final BlockCatalog catalog;
    private final Duration interval;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("catalog-refresh").factory());
    private volatile boolean tried;
    private volatile boolean failing;

    public CatalogRefresh(BlockCatalog catalog, Duration interval) {
        this.catalog = catalog;
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
    }
}
