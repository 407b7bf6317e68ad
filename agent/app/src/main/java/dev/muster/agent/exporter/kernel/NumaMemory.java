package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Memory of each memory node: /sys/devices/system/node.
record NumaMemory(HostDirectory nodes) {
    private static final Pattern NODE = Pattern.compile("node\\d+");
    private static final Pattern FIELD = Pattern.compile("Node \\d+ ([^:]+):\\s+(\\d+)( kB)?");
    private static final double KIB = 1024;

    void fill(FamilyTable table) {
        for (HostDirectory node : nodes.directories(NODE)) {
            String number = node.name().substring("node".length());
            for (String line : node.lines("meminfo")) {
                Matcher field = FIELD.matcher(line);
                if (field.lookingAt()) {
                    String name = field.group(1).replace("(", "_").replace(")", "");
                    table.gauge("node_memory_numa_" + name, "Field " + name + " of meminfo.")
                            .add(
                                    Double.parseDouble(field.group(2))
                                            * (field.group(3) == null ? 1 : KIB),
                                    "node",
                                    number);
                }
            }
            for (String line : node.lines("numastat")) {
                String[] words = Words.of(line);
                table.counter(
                                "node_memory_numa_" + words[0] + "_total",
                                "Field " + words[0] + " of numastat.")
                        .addText(words[1], "node", number);
            }
        }
    }
}
