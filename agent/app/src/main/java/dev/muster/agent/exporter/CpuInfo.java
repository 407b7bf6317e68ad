package dev.muster.agent.exporter;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the CPUs are: model, clock, flags and bugs of each, as /proc/cpuinfo has it on x86.
final class CpuInfo {
    private static final String[][] LABELS = {
        {"cachesize", "cache size"},
        {"core", "core id"},
        {"cpu", "processor"},
        {"family", "cpu family"},
        {"microcode", "microcode"},
        {"model", "model"},
        {"model_name", "model name"},
        {"package", "physical id"},
        {"stepping", "stepping"},
        {"vendor", "vendor_id"}
    };

    /// One CPU's fields by the names of [#LABELS], then its clock.
    private static final class Cpu {
        private final String[] values = new String[LABELS.length];
        private double hertz = -1;
    }

    private final HostFile file;
    private final TextCursor text = new TextCursor();

    CpuInfo(Path path) {
        file = new HostFile(path);
    }

    void collect(ExpositionWriter into) throws IOException {
        List<Cpu> cpus = new ArrayList<>();
        List<String> flags = new ArrayList<>();
        List<String> bugs = new ArrayList<>();
        file.read(text);
        while (text.nextLine()) {
            if (text.restOfLine()) {
                line(text.text(), cpus, flags, bugs);
            }
        }
        write(into, cpus);
        list(into, "node_cpu_flag_info", "Flags of the first CPU; always 1.", "flag", flags);
        list(into, "node_cpu_bug_info", "Bugs of the first CPU; always 1.", "bug", bugs);
    }

    private static void line(String line, List<Cpu> cpus, List<String> flags, List<String> bugs) {
        int colon = line.indexOf(':');
        if (colon < 0) {
            return;
        }
        String key = line.substring(0, colon).strip();
        String value = line.substring(colon + 1).strip();
        if (key.equals("processor")) {
            cpus.add(new Cpu());
        }
        if (cpus.isEmpty()) {
            return;
        }
        Cpu cpu = cpus.getLast();
        for (int i = 0; i < LABELS.length; i++) {
            if (LABELS[i][1].equals(key)) {
                cpu.values[i] = value;
            }
        }
        switch (key) {
            case "cpu MHz" -> cpu.hertz = Double.parseDouble(value) * 1e6;
            case "flags" -> addFirst(cpus, flags, value);
            case "bugs" -> addFirst(cpus, bugs, value);
            default -> {}
        }
    }

    private static void addFirst(List<Cpu> cpus, List<String> words, String value) {
        if (cpus.size() == 1 && !value.isEmpty()) {
            words.addAll(List.of(value.split(" +", -1)));
        }
    }

    private static void write(ExpositionWriter into, List<Cpu> cpus) {
        String name = "node_cpu_info";
        into.family(name, MetricType.GAUGE, "What the CPU is; always 1.");
        for (Cpu cpu : cpus) {
            into.begin(name);
            for (int i = 0; i < LABELS.length; i++) {
                into.label(LABELS[i][0], value(cpu, i));
            }
            into.end(1);
        }
        String hertz = "node_cpu_frequency_hertz";
        into.family(hertz, MetricType.GAUGE, "Clock of the CPU as it runs now.");
        for (Cpu cpu : cpus) {
            if (cpu.hertz >= 0) {
                into.begin(hertz)
                        .label("core", value(cpu, 1))
                        .label("cpu", value(cpu, 2))
                        .label("package", value(cpu, 7))
                        .end(cpu.hertz);
            }
        }
    }

    private static String value(Cpu cpu, int label) {
        String value = cpu.values[label];
        return value == null ? "" : value;
    }

    private static void list(
            ExpositionWriter into, String name, String help, String label, List<String> words) {
        if (!words.isEmpty()) {
            into.family(name, MetricType.GAUGE, help);
            for (String word : words) {
                into.sample(name, label, word, 1);
            }
        }
    }
}
