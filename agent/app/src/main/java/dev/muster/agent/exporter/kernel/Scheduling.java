package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.io.IOException;
import java.util.regex.Pattern;

/// What the scheduler counts for each CPU: /proc/schedstat.
record Scheduling(HostDirectory procfs) {
    private static final Pattern CPU = Pattern.compile("cpu\\d+");
    private static final int RUNNING = 7;
    private static final int WAITING = 8;
    private static final int SLICES = 9;
    private static final double NANOS = 1e9;

    void fill(FamilyTable table) throws IOException {
        FamilyTable.Family running =
                table.counter("node_schedstat_running_seconds_total", "Time that tasks ran.");
        FamilyTable.Family waiting =
                table.counter(
                        "node_schedstat_waiting_seconds_total", "Time that tasks waited to run.");
        FamilyTable.Family slices =
                table.counter("node_schedstat_timeslices_total", "Time slices given.");
        for (String line : procfs.required("schedstat").lines().toList()) {
            String[] fields = Words.of(line);
            if (CPU.matcher(fields[0]).matches() && fields.length > SLICES) {
                String cpu = fields[0].substring("cpu".length());
                running.add(seconds(fields[RUNNING]), "cpu", cpu);
                waiting.add(seconds(fields[WAITING]), "cpu", cpu);
                slices.addText(fields[SLICES], "cpu", cpu);
            }
        }
    }

    private static double seconds(String nanos) {
        return HostDirectory.parse(nanos).orElse(0) / NANOS;
    }
}
