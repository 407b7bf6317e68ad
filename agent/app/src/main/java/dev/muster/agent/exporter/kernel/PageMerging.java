package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;

/// What merging of equal pages does: /sys/kernel/mm/ksm.
record PageMerging(HostDirectory directory) {
    private static final NumberFiles FILES =
            NumberFiles.of("node_ksmd_")
                    .counter("full_scans", "full_scans_total", "Times that all pages were scanned.")
                    .gauge("general_profit", "general_profit_bytes", "Bytes that merging saves.")
                    .gauge(
                            "merge_across_nodes",
                            "merge_across_nodes",
                            "Whether pages of several memory nodes are merged.")
                    .gauge("pages_shared", "pages_shared", "Pages that stand for others, too.")
                    .gauge("pages_sharing", "pages_sharing", "Pages that others stand for.")
                    .gauge("pages_to_scan", "pages_to_scan", "Pages scanned before each pause.")
                    .gauge("pages_unshared", "pages_unshared", "Pages without an equal one.")
                    .gauge("pages_volatile", "pages_volatile", "Pages that change too fast.")
                    .gauge("run", "run", "Whether it stands (0), runs (1) or undoes (2).")
                    .gauge("sleep_millisecs", "sleep_seconds", 1e-3, "Length of each pause.");

    void fill(FamilyTable table) {
        FILES.read(directory, table);
    }
}
