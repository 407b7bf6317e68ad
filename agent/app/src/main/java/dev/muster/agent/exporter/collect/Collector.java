package dev.muster.agent.exporter.collect;

import dev.muster.agent.exposition.ExpositionWriter;
import java.io.IOException;
import java.time.Duration;

/// Reads one part of the host and writes its families. Confined to one thread at a time.
public interface Collector {
    /// Its name in configuration and in `node_scrape_collector_success`.
    String name();

    /// Appends whole families.
    ///
    /// @throws NoDataException if the host does not have what it looks for
    /// @throws IOException if the host does not offer what it reads; what it wrote is then dropped
    void collect(ExpositionWriter into) throws IOException;

    /// How old what it read may be before it reads again; zero for what is read at every scrape.
    /// What changes seldom, or costs many small files, need not be read each second.
    default Duration period() {
        return Duration.ZERO;
    }
}
