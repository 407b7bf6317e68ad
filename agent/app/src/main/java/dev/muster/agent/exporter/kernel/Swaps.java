package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.util.List;

/// Devices and files that memory is swapped to: /proc/swaps.
record Swaps(HostDirectory procfs) {
    private static final int FIELDS = 5;

    void fill(FamilyTable table) {
        List<String> lines = procfs.lines("swaps");
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            String[] fields = Words.of(line);
            if (fields.length < FIELDS) {
                continue;
            }
            String[] labels = {"device", fields[0].replace("\\040", " "), "type", fields[1]};
            kilobytes(table, "node_swap_size_bytes", "How much fits.", fields[2], labels);
            kilobytes(table, "node_swap_used_bytes", "How much is used.", fields[3], labels);
            table.gauge("node_swap_priority", "Which is used first: the highest.")
                    .addText(fields[4], labels);
        }
    }

    private static void kilobytes(
            FamilyTable table, String name, String help, String text, String... labels) {
        HostDirectory.parse(text)
                .ifPresent(number -> table.gauge(name, help).add(number * 1024, labels));
    }
}
