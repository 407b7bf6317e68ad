package dev.muster.agent.exporter.collect;

import dev.muster.agent.exposition.ExpositionWriter;
import java.io.IOException;
import java.time.Duration;

/// A collector that fills a table of families each time it runs. One that finds nothing says so
/// with [NoDataException].
///
/// @param name name of the collector
/// @param period how old its families may be
/// @param source what fills the table
public record TableCollector(String name, Duration period, Source source) implements Collector {
    /// For what is worth a look each second.
    public static final Duration EACH_SCRAPE = Duration.ZERO;

    /// For many small files, and what changes slowly: as often as most people scrape.
    public static final Duration SLOW = Duration.ofSeconds(15);

    /// For what changes with a start of the host, or by the hand of somebody.
    public static final Duration RARE = Duration.ofMinutes(1);

    /// Fills a table of families.
    @FunctionalInterface
    public interface Source {
        /// @throws IOException if the host does not offer what it reads
        void fill(FamilyTable table) throws IOException;
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        FamilyTable table = new FamilyTable();
        source.fill(table);
        if (table.isEmpty()) {
            throw new NoDataException("host has nothing of collector " + name);
        }
        table.writeTo(into);
    }
}
