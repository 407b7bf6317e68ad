package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.io.IOException;

/// How many control groups there are of each controller: /proc/cgroups.
record ControlGroups(HostDirectory procfs) {
    void fill(FamilyTable table) throws IOException {
        FamilyTable.Family groups =
                table.gauge("node_cgroups_cgroups", "Control groups of the controller.");
        FamilyTable.Family enabled =
                table.gauge("node_cgroups_enabled", "Whether the controller is enabled.");
        for (String line : procfs.required("cgroups").lines().toList()) {
            String[] fields = Words.of(line);
            if (!line.startsWith("#") && fields.length >= 4) {
                groups.addText(fields[2], "subsys_name", fields[0]);
                enabled.addText(fields[3], "subsys_name", fields[0]);
            }
        }
    }
}
