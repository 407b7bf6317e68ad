package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// Interrupts by CPU and source: /proc/interrupts; soft ones by CPU and type: /proc/softirqs.
record Interrupts(HostDirectory procfs) {
    void hard(FamilyTable table) throws IOException {
        FamilyTable.Family total = table.counter("node_interrupts_total", "Interrupts taken.");
        List<String> lines = procfs.required("interrupts").lines().toList();
        int cpus = words(lines.getFirst()).length;
        for (String line : lines.subList(1, lines.size())) {
            String[] words = words(line);
            if (words.length < cpus + 2) {
                // ERR and MIS have no CPU
                continue;
            }
            String type = words[0].substring(0, words[0].length() - 1);
            boolean numbered = Character.isDigit(type.charAt(0));
            String info = numbered ? words[cpus + 1] : join(words, cpus + 1);
            String devices = numbered ? join(words, cpus + 2) : "";
            for (int cpu = 0; cpu < cpus; cpu++) {
                total.addText(
                        words[cpu + 1],
                        "cpu",
                        Integer.toString(cpu),
                        "devices",
                        devices,
                        "info",
                        info,
                        "type",
                        type);
            }
        }
    }

    void soft(FamilyTable table) throws IOException {
        FamilyTable.Family total =
                table.counter("node_softirqs_functions_total", "Soft interrupts by CPU and type.");
        List<String> lines = procfs.required("softirqs").lines().toList();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = words(line);
            String type = words[0].substring(0, words[0].length() - 1);
            for (int cpu = 0; cpu + 1 < words.length; cpu++) {
                total.addText(words[cpu + 1], "cpu", Integer.toString(cpu), "type", type);
            }
        }
    }

    private static String[] words(String line) {
        return Words.of(line);
    }

    private static String join(String[] words, int from) {
        return String.join(" ", Arrays.asList(words).subList(from, words.length));
    }
}
