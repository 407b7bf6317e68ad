package dev.muster.query.load;

import dev.muster.promql.ParseCache;
import java.time.InstantSource;

/// All that watches over the queries of this node.
///
/// @param gate gives turns
/// @param memory that they may hold together
/// @param active those that wait and run
/// @param top those that cost most
/// @param metrics meters of all this
/// @param text what the text of a query may be
/// @param parsed queries that were parsed lately
/// @param rates how fast they read
public record QueryLoad(
        Gate gate,
        NodeMemory memory,
        ActiveQueries active,
        TopQueries top,
        LoadMetrics metrics,
        TextLimits text,
        ParseCache parsed,
        CostRates rates) {
    /// Most characters of the texts of parsed queries that are kept.
    private static final long PARSED_CHARS = 1 << 20;

    /// Of a node that has no blocks and asks no agents.
    public static QueryLoad of(LoadConfig config, LoadMetrics metrics, InstantSource clock) {
        var alone = new CostRates.Beside(1, 1, 1);
        return of(config, metrics, clock, new CostRates(() -> CostRates.Readings.NONE, alone));
    }

    /// Builds all parts, and logs the queries that ran when the process before this one died.
    public static QueryLoad of(
            LoadConfig config, LoadMetrics metrics, InstantSource clock, CostRates rates) {
        Gate gate = new Gate(config.gate());
        metrics.gate(gate);
        NodeMemory memory = new NodeMemory(config.nodeMemoryBytes());
        metrics.memory(memory);
        TopQueries top = new TopQueries(config.topQueries(), config.topWindow());
        ActiveFile file = ActiveFile.open(config.activeFile(), 2 * config.gate().places());
        SlowLog slow = new SlowLog(config.slowThreshold(), metrics);
        ParseCache parsed = new ParseCache(config.parsedQueries(), PARSED_CHARS);
        metrics.parsed(parsed);
        metrics.rates(rates);
        return new QueryLoad(
                gate,
                memory,
                new ActiveQueries(clock, file, top, slow, rates),
                top,
                metrics,
                config.text(),
                parsed,
                rates);
    }
}
