package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.io.IOException;

/// The kernel's caches of objects: /proc/slabinfo, which only root may read.
record Slabs(HostDirectory procfs) {
    private static final String[][] COLUMNS = {
        {"node_slabinfo_active_objects", "Objects in use."},
        {"node_slabinfo_objects", "Objects that there is room for."},
        {"node_slabinfo_object_size_bytes", "Size of an object."},
        {"node_slabinfo_objects_per_slab", "Objects in a slab."},
        {"node_slabinfo_pages_per_slab", "Pages of a slab."}
    };

    void fill(FamilyTable table) throws IOException {
        for (String line : procfs.required("slabinfo").lines().skip(2).toList()) {
            String[] fields = Words.of(line);
            for (int i = 0; i < COLUMNS.length && i + 1 < fields.length; i++) {
                table.gauge(COLUMNS[i][0], COLUMNS[i][1]).addText(fields[i + 1], "slab", fields[0]);
            }
        }
    }
}
