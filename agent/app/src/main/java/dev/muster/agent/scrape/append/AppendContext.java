package dev.muster.agent.scrape.append;

import java.util.function.LongSupplier;

/// What the appenders of all targets share.
///
/// @param metrics counters
/// @param budget memory of series
/// @param nanoTime monotonic clock
/// @param seed makes tables of series unpredictable to targets
public record AppendContext(
        AppendMetrics metrics, MemoryBudget budget, LongSupplier nanoTime, long seed) {}
