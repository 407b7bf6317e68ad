package dev.muster.agent.exporter.hardware;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Energy that parts of the CPUs took: /sys/class/powercap, which mostly only root may read.
record PowerMeters(HostDirectory zones) {
    private static final Pattern ZONE = Pattern.compile("intel-rapl:.*");
    private static final Pattern NAME = Pattern.compile("(.+?)(?:-(\\d+))?");
    private static final double MICRO = 1e6;

    void fill(FamilyTable table) {
        Map<String, Integer> seen = new HashMap<>();
        for (HostDirectory zone : zones.directories(ZONE)) {
            Matcher name = NAME.matcher(zone.textOrEmpty("name"));
            OptionalDouble energy = zone.number("energy_uj");
            if (!name.matches() || energy.isEmpty()) {
                continue;
            }
            int next = seen.merge(name.group(1), 1, Integer::sum) - 1;
            String index = name.group(2) == null ? Integer.toString(next) : name.group(2);
            table.counter(
                            "node_rapl_"
                                    + name.group(1).replaceAll("[^a-zA-Z0-9_]", "_")
                                    + "_joules_total",
                            "Energy that " + name.group(1) + " took.")
                    .add(
                            energy.getAsDouble() / MICRO,
                            "index",
                            index,
                            "path",
                            zone.path().toString());
        }
    }
}
