package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// How many processes and threads there are, by state: /proc, a file for each process.
record Processes(HostDirectory procfs) {
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /// Of the fields after the name of the process, which may hold blanks and braces.
    private static final int STATE = 0;

    private static final int THREADS = 17;

    void fill(FamilyTable table) {
        Map<String, Integer> processes = new TreeMap<>();
        Map<String, Integer> threads = new TreeMap<>();
        long count = 0;
        long pids = 0;
        for (HostDirectory process : procfs.directories(NUMBER)) {
            String[] fields = fields(process);
            if (fields.length <= THREADS) {
                // gone since
                continue;
            }
            pids++;
            count += Long.parseLong(fields[THREADS]);
            processes.merge(fields[STATE], 1, Integer::sum);
            for (HostDirectory thread : process.below("task").directories(NUMBER)) {
                String[] own = fields(thread);
                if (own.length > STATE) {
                    threads.merge(own[STATE], 1, Integer::sum);
                }
            }
        }
        if (pids == 0) {
            return;
        }
        FamilyTable.Family states = table.gauge("node_processes_state", "Processes by state.");
        processes.forEach((state, n) -> states.add(n, "state", state));
        FamilyTable.Family threadStates =
                table.gauge("node_processes_threads_state", "Threads by state.");
        threads.forEach((state, n) -> threadStates.add(n, "thread_state", state));
        table.gauge("node_processes_pids", "Processes.").add(pids);
        table.gauge("node_processes_threads", "Threads of all processes.").add(count);
        procfs.number("sys/kernel/pid_max")
                .ifPresent(table.gauge("node_processes_max_processes", "Most processes.")::add);
        procfs.number("sys/kernel/threads-max")
                .ifPresent(table.gauge("node_processes_max_threads", "Most threads.")::add);
    }

    private static String[] fields(HostDirectory process) {
        String stat = process.textOrEmpty("stat");
        int name = stat.lastIndexOf(')');
        return name < 0 ? new String[0] : Words.of(stat.substring(name + 1));
    }
}
