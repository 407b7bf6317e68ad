package dev.muster.query;

import dev.muster.query.cache.ResultCache;
import dev.muster.query.cache.ResultCacheStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/// Meters of the cache of results.
final class CacheMetrics {
    private CacheMetrics() {}

    static void register(MeterRegistry registry, ResultCache results) {
        Gauge.builder("muster_query_result_cache_bytes", results, cache -> cache.stats().bytes())
                .description("Memory that results of range queries take.")
                .strongReference(true)
                .register(registry);
        outcome(registry, results, "hit", ResultCacheStats::hits);
        outcome(registry, results, "partial", ResultCacheStats::partial);
        outcome(registry, results, "miss", ResultCacheStats::misses);
        outcome(registry, results, "passed", ResultCacheStats::passed);
        FunctionCounter.builder(
                        "muster_query_result_cache_evictions",
                        results,
                        cache -> cache.stats().evictions())
                .register(registry);
    }

    private static void outcome(
            MeterRegistry registry,
            ResultCache results,
            String outcome,
            ToDoubleFunction<ResultCacheStats> count) {
        FunctionCounter.builder(
                        "muster_query_result_cache_queries",
                        results,
                        cache -> count.applyAsDouble(cache.stats()))
                .tag("outcome", outcome)
                .register(registry);
    }
}
