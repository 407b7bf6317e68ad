package dev.muster.agent.exporter.hardware;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import java.util.Locale;
import java.util.regex.Pattern;

/// Known weaknesses of the CPUs: /sys/devices/system/cpu/vulnerabilities.
record CpuVulnerabilities(HostDirectory directory) {
    private static final Pattern ANY = Pattern.compile(".*");
    private static final String MITIGATION = "Mitigation: ";

    void fill(FamilyTable table) {
        for (HostDirectory file : directory.entries(ANY)) {
            String text = directory.textOrEmpty(file.name());
            boolean mitigated = text.startsWith(MITIGATION);
            table.gauge("node_cpu_vulnerabilities_info", "State of each known weakness.")
                    .add(
                            1,
                            "codename",
                            file.name(),
                            "mitigation",
                            mitigated ? text.substring(MITIGATION.length()) : "",
                            "state",
                            mitigated ? "mitigation" : state(text));
        }
    }

    /// `Vulnerable: details` is a state with details.
    private static String state(String text) {
        return text.replaceAll(":.*", "").toLowerCase(Locale.ROOT);
    }
}
