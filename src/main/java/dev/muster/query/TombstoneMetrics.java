package dev.muster.query;

import dev.muster.blocks.tombstone.TombstoneStore;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// Meters of what was deleted.
final class TombstoneMetrics {
    private TombstoneMetrics() {}

    static void register(MeterRegistry registry, TombstoneStore tombstones) {
        Gauge.builder("muster_query_tombstones", tombstones, store -> store.all().size())
                .description("Deletions that hide samples.")
                .register(registry);
        FunctionCounter.builder(
                        "muster_query_tombstones_unreadable",
                        tombstones,
                        TombstoneStore::unreadable)
                .description("Objects among the tombstones that could not be read.")
                .register(registry);
    }
}
