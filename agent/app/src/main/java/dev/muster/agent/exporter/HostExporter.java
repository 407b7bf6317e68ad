package dev.muster.agent.exporter;

import dev.muster.agent.exposition.ExpositionWriter;
import java.util.Set;

/// Exposes the host: what node_exporter would say of it, by the same names.
///
/// Confined to one thread at a time.
public final class HostExporter implements AutoCloseable {
    private static final Set<String> COLLECTORS =
            Set.of(
                    "cpu",
                    "diskstats",
                    "filesystem",
                    "loadavg",
                    "meminfo",
                    "netdev",
                    "pressure",
                    "stat",
                    "time",
                    "uname",
                    "vmstat");

    public HostExporter(HostExporterConfig config) {
        throw new UnsupportedOperationException();
    }

    /// Names of all collectors there are.
    public static Set<String> collectorNames() {
        return COLLECTORS;
    }

    /// Appends the host's families. A collector that fails, or takes longer than it may, costs only
    /// its own families: `node_scrape_collector_success` says which.
    public void collect(ExpositionWriter into) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
