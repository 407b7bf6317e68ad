package dev.muster.agent.exporter.network;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.io.IOException;

/// Bonded devices, and how many of their slaves work: /sys/class/net.
record Bonds(HostDirectory devices) {
    void fill(FamilyTable table) throws IOException {
        FamilyTable.Family slaves = table.gauge("node_bonding_slaves", "Slaves of the bond.");
        FamilyTable.Family active =
                table.gauge("node_bonding_active", "Slaves of the bond that work.");
        for (String bond : words(devices.required("bonding_masters"))) {
            HostDirectory master = devices.below(bond);
            int all = 0;
            int up = 0;
            for (String slave : words(master.textOrEmpty("bonding/slaves"))) {
                all++;
                String state =
                        master.text("lower_" + slave + "/bonding_slave/mii_status")
                                .or(() ->
                                        master.text("slave_" + slave + "/bonding_slave/mii_status"))
                                .orElse("");
                up += state.equals("up") ? 1 : 0;
            }
            slaves.add(all, "master", bond);
            active.add(up, "master", bond);
        }
    }

    private static String[] words(String text) {
        return text.isEmpty() ? new String[0] : Words.of(text);
    }
}
