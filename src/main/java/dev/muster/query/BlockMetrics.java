package dev.muster.query;

import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/// Meters of the blocks as this node reads them.
final class BlockMetrics {
    private final MeterRegistry registry;

    BlockMetrics(MeterRegistry registry, BlockCatalog catalog, BlockSource source) {
        this.registry = registry;
        gauge("muster_query_blocks", "Blocks that are visible.", catalog, c -> c.stats().blocks());
        gauge(
                "muster_query_blocks_size_bytes",
                "Length of their files.",
                catalog,
                c -> c.stats().sizeBytes());
        gauge(
                "muster_query_catalog_refreshed_timestamp_seconds",
                "When the last good refresh ended.",
                catalog,
                c -> c.stats().refreshedMs() / 1_000.0);
        counter("muster_query_catalog_refreshes", catalog, c -> c.stats().refreshes());
        counter("muster_query_catalog_refresh_errors", catalog, c -> c.stats().refreshErrors());
        counter("muster_query_catalog_over_limit", catalog, c -> c.stats().overLimit());
        counter("muster_query_blocks_read", source, s -> s.stats().blocksRead());
        counter("muster_query_blocks_failed", source, s -> s.stats().blocksFailed());
        counter("muster_query_block_fetches", source, s -> s.stats().fetches());
        counter("muster_query_block_fetched_bytes", source, s -> s.stats().fetchedBytes());
        counter("muster_query_block_fetch_retries", source, s -> s.stats().fetchRetries());
    }

    private <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private <T> void counter(String name, T of, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, of, value).register(registry);
    }
}
