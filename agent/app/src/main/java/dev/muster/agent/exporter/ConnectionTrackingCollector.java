package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/// How full the firewall's table of connections is, where the kernel has one.
final class ConnectionTrackingCollector implements Collector {
    private static final String[] STATS = {
        "found",
        "invalid",
        "ignore",
        "insert",
        "insert_failed",
        "drop",
        "early_drop",
        "search_restart"
    };

    private final KernelNumber count;
    private final KernelNumber limit;
    private final HostFile file;
    private final TextCursor text = new TextCursor();
    private final double[] sums = new double[STATS.length];

    /// Index in [#STATS] of each column of the table; -1 for one that is not exposed.
    private int[] columns = new int[0];

    ConnectionTrackingCollector(HostExporterConfig config) {
        Path directory = config.procfs().resolve("sys/net/netfilter");
        count = new KernelNumber(directory.resolve("nf_conntrack_count"));
        limit = new KernelNumber(directory.resolve("nf_conntrack_max"));
        file = new HostFile(config.procfs().resolve("net/stat/nf_conntrack"));
    }

    @Override
    public String name() {
        return "conntrack";
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        count.collect(into, 0, "node_nf_conntrack_entries", "Connections that are tracked.");
        limit.collect(
                into, 0, "node_nf_conntrack_entries_limit", "Connections that may be tracked.");
        file.read(text);
        columns();
        Arrays.fill(sums, 0);
        while (text.nextLine()) {
            for (int column = 0; column < columns.length && text.nextField(); column++) {
                if (columns[column] >= 0) {
                    sums[columns[column]] += text.hexadecimal();
                }
            }
        }
        for (int i = 0; i < STATS.length; i++) {
            String name = "node_nf_conntrack_stat_" + STATS[i];
            into.family(name, MetricType.GAUGE, "Column " + STATS[i] + " of the table, all CPUs.")
                    .sample(name, sums[i]);
        }
    }

    /// Reads the heading, which is the same as long as the kernel runs.
    private void columns() {
        text.nextLine();
        if (columns.length > 0) {
            return;
        }
        int[] found = new int[64];
        int size = 0;
        while (size < found.length && text.nextField()) {
            found[size++] = Arrays.asList(STATS).indexOf(text.text());
        }
        columns = Arrays.copyOf(found, size);
    }
}
