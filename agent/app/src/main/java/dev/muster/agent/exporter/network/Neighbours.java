package dev.muster.agent.exporter.network;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/// Entries of the ARP table by device: /proc/net/arp.
record Neighbours(HostDirectory net) {
    private static final int DEVICE = 5;

    void fill(FamilyTable table) throws IOException {
        Map<String, Integer> devices = new TreeMap<>();
        for (String line : net.required("arp").lines().skip(1).toList()) {
            String[] fields = Words.of(line);
            if (fields.length > DEVICE) {
                devices.merge(fields[DEVICE], 1, Integer::sum);
            }
        }
        FamilyTable.Family entries =
                table.gauge("node_arp_entries", "Entries of the ARP table by device.");
        devices.forEach((device, count) -> entries.add(count, "device", device));
    }
}
