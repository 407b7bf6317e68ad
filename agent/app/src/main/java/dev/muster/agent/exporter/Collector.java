package dev.muster.agent.exporter;

import dev.muster.agent.exposition.ExpositionWriter;
import java.io.IOException;

/// Reads one part of the host and writes its families. Confined to one thread.
interface Collector {
    /// Its name in configuration and in `node_scrape_collector_success`.
    String name();

    /// Appends whole families.
    ///
    /// @throws IOException if the host does not offer what it reads; what it wrote is then dropped
    void collect(ExpositionWriter into) throws IOException;

    /// May it wait for something that never comes, such as a dead network mount? It then gets a
    /// thread of its own and is waited for only so long.
    default boolean mayHang() {
        return false;
    }
}
