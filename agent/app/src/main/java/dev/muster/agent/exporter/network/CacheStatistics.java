package dev.muster.agent.exporter.network;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.util.List;
import java.util.regex.Pattern;

/// What the network's caches counted by CPU: /proc/net/stat, a table each.
record CacheStatistics(HostDirectory statistics) {
    private static final Pattern ANY = Pattern.compile(".*");

    void fill(FamilyTable table) {
        for (HostDirectory file : statistics.entries(ANY)) {
            List<String> lines = statistics.lines(file.name());
            if (lines.isEmpty()) {
                continue;
            }
            String[] names = Words.of(lines.getFirst());
            for (int row = 1; row < lines.size(); row++) {
                String[] values = Words.of(lines.get(row));
                for (int i = 0; i < names.length && i < values.length; i++) {
                    table.counter(
                                    "node_lnstat_" + names[i] + "_total",
                                    "Column " + names[i] + " of /proc/net/stat.")
                            .add(
                                    Long.parseUnsignedLong(values[i], 16),
                                    "cpu",
                                    Integer.toString(row - 1),
                                    "subsystem",
                                    file.name());
                }
            }
        }
    }
}
