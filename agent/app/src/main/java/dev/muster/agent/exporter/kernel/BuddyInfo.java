package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.io.IOException;

/// Free memory by size of its blocks: /proc/buddyinfo.
record BuddyInfo(HostDirectory procfs) {
    private static final int FIRST_SIZE = 4;

    void fill(FamilyTable table) throws IOException {
        FamilyTable.Family blocks =
                table.gauge("node_buddyinfo_blocks", "Free blocks of 2^size pages.");
        for (String line : procfs.required("buddyinfo").lines().toList()) {
            // Node 0, zone DMA 1 0 1 ...
            String[] fields = Words.of(line.replace(',', ' '));
            for (int i = FIRST_SIZE; i < fields.length; i++) {
                blocks.addText(
                        fields[i],
                        "node",
                        fields[1],
                        "size",
                        Integer.toString(i - FIRST_SIZE),
                        "zone",
                        fields[3]);
            }
        }
    }
}
