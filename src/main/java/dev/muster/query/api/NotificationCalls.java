package dev.muster.query.api;

import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.CatalogStats;
import java.time.Instant;
import java.time.InstantSource;

/// What people should know of the node now: `notifications`.
final class NotificationCalls {
    /// Blocks are listed every few seconds; they are late after this time.
    private static final long LATE_MS = 120_000;

    private final BlockCatalog catalog;
    private final InstantSource clock;
    private final long startedMs;

    NotificationCalls(BlockCatalog catalog, InstantSource clock, long startedMs) {
        this.catalog = catalog;
        this.clock = clock;
        this.startedMs = startedMs;
    }

    Answer notifications(Call call) {
        CatalogStats stats = catalog.stats();
        long lastMs = Math.max(stats.refreshedMs(), startedMs);
        boolean late = stats.refreshErrors() > 0 && clock.millis() - lastMs > LATE_MS;
        return Answer.of(json -> {
            json.beginArray();
            if (late) {
                json.beginObject();
                json.name("text").value("Blocks could not be listed: new ones are not seen.");
                json.name("date").value(Instant.ofEpochMilli(lastMs).toString());
                json.name("active").value(true).endObject();
            }
            json.endArray();
        });
    }

    /// There is no stream of them: as Prometheus answers where subscribers are not allowed.
    Answer live(Call call) {
        return Answer.nothing();
    }
}
