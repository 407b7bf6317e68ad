package dev.muster.agent.exporter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The kernel's way to write sets of CPUs: `1,3-5,9`.
final class CpuList {
    /// More CPUs than any kernel is built for.
    private static final int LIMIT = 1 << 16;

    private CpuList() {}

    static List<Integer> parse(String text) throws IOException {
        List<Integer> cpus = new ArrayList<>();
        if (text.isEmpty()) {
            return cpus;
        }
        for (String range : text.split(",", -1)) {
            int dash = range.indexOf('-');
            int first = number(text, dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? first : number(text, range.substring(dash + 1));
            for (int cpu = first; cpu <= last; cpu++) {
                cpus.add(cpu);
            }
        }
        return cpus;
    }

    private static int number(String text, String part) throws IOException {
        try {
            int number = Integer.parseInt(part);
            if (number >= 0 && number < LIMIT) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new IOException("list of CPUs must be numbers and ranges: found=" + text);
    }
}
