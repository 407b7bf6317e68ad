package dev.muster.query.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// What queries may take of the node together, and what is kept of them.
///
/// @param gate how turns are given
/// @param nodeMemoryBytes most tracked memory of all queries
/// @param slowThreshold queries that took at least this long are logged; zero for none
/// @param activeFile where running queries are noted for after a crash
/// @param topQueries most queries that the table of top queries remembers
/// @param topWindow how long it does
/// @param text what the text of a query may be
/// @param parsedQueries most parsed queries that are kept
public record LoadConfig(
        GateConfig gate,
        long nodeMemoryBytes,
        Duration slowThreshold,
        Optional<Path> activeFile,
        int topQueries,
        Duration topWindow,
        TextLimits text,
        int parsedQueries) {
    /// As it is where nothing is set, for so many places.
    public static LoadConfig of(int places, int maxWaiting) {
        return new LoadConfig(
                GateConfig.of(places, maxWaiting),
                Runtime.getRuntime().maxMemory() / 2,
                Duration.ZERO,
                Optional.empty(),
                5_000,
                Duration.ofHours(1),
                TextLimits.DEFAULT,
                1_000);
    }
}
