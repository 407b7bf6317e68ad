package dev.muster.query;

import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockReadStats;
import dev.muster.blocks.read.BlockSource;
import dev.muster.blocks.read.CacheStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// Meters of the blocks as this node reads them.
final class BlockMetrics {
    private static final double NANOS_PER_SECOND = 1e9;

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
        counter(
                "muster_query_block_fetch_seconds",
                source,
                s -> s.stats().fetchNanos() / NANOS_PER_SECOND);
        counter("muster_query_block_decoded_samples", source, s -> s.stats().decodedSamples());
        counter(
                "muster_query_block_decode_seconds",
                source,
                s -> s.stats().decodeNanos() / NANOS_PER_SECOND);
        counter("muster_query_block_fetch_retries", source, s -> s.stats().fetchRetries());
        counter("muster_query_block_fetch_waits", source, s -> s.stats().waitsForRoom());
        gauge(
                "muster_query_block_fetching_bytes",
                "What is being fetched and taken apart.",
                source,
                s -> s.stats().bytesOnTheWay());
        gauge(
                "muster_query_block_early_bytes",
                "What was asked for before it was known whether it is wanted, and is held.",
                source,
                s -> s.stats().earlyBytes());
        counter("muster_query_block_early_reads", source, s -> s.stats().earlyReads());
        counter(
                "muster_query_block_early_reads_refused",
                source,
                s -> s.stats().earlyReadsRefused());
        counter("muster_query_prefetched_blocks", source, s -> s.stats().prefetched());
        counter("muster_query_prefetch_errors", source, s -> s.stats().prefetchesFailed());
        counter("muster_query_catalog_file_errors", catalog, c -> c.stats().fileErrors());
        cache("series", source, BlockReadStats::indexes);
        cache("footers", source, BlockReadStats::footers);
        cache("pages", source, BlockReadStats::pages);
        cache("decoded", source, BlockReadStats::decoded);
        cache("disk", source, BlockReadStats::disk);
    }

    private void cache(
            String name, BlockSource source, Function<BlockReadStats, CacheStats> cache) {
        Gauge.builder("muster_query_cache_bytes", source, s -> cache.apply(s.stats()).bytes())
                .description("What a cache of blocks takes, in memory or on disk.")
                .tag("cache", name)
                .strongReference(true)
                .register(registry);
        Gauge.builder("muster_query_cache_entries", source, s -> cache.apply(s.stats()).entries())
                .description("What a cache of blocks holds.")
                .tag("cache", name)
                .strongReference(true)
                .register(registry);
        count("muster_query_cache_hits", name, source, s -> cache.apply(s).hits());
        count("muster_query_cache_misses", name, source, s -> cache.apply(s).misses());
        count("muster_query_cache_evictions", name, source, s -> cache.apply(s).evictions());
        count("muster_query_cache_damaged", name, source, s -> cache.apply(s).damaged());
    }

    private void count(
            String name, String cache, BlockSource source, ToDoubleFunction<BlockReadStats> value) {
        FunctionCounter.builder(name, source, s -> value.applyAsDouble(s.stats()))
                .tag("cache", cache)
                .register(registry);
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
