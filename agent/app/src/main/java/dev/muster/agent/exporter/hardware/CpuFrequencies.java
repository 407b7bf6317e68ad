package dev.muster.agent.exporter.hardware;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import dev.muster.agent.exporter.collect.Words;
import java.util.regex.Pattern;

/// Clocks of the CPUs and what governs them: /sys/devices/system/cpu/cpu*/cpufreq.
record CpuFrequencies(HostDirectory cpus) {
    private static final Pattern CPU = Pattern.compile("cpu\\d+");
    private static final double KILO = 1000;

    private static final NumberFiles FILES =
            NumberFiles.of("node_cpu_")
                    .gauge("cpuinfo_cur_freq", "frequency_hertz", KILO, "Clock now.")
                    .gauge("cpuinfo_min_freq", "frequency_min_hertz", KILO, "Lowest clock.")
                    .gauge("cpuinfo_max_freq", "frequency_max_hertz", KILO, "Highest clock.")
                    .gauge(
                            "scaling_cur_freq",
                            "scaling_frequency_hertz",
                            KILO,
                            "Clock that is asked for.")
                    .gauge(
                            "scaling_min_freq",
                            "scaling_frequency_min_hertz",
                            KILO,
                            "Lowest clock that may be asked for.")
                    .gauge(
                            "scaling_max_freq",
                            "scaling_frequency_max_hertz",
                            KILO,
                            "Highest clock that may be asked for.");

    void fill(FamilyTable table) {
        for (HostDirectory cpu : cpus.directories(CPU)) {
            String number = cpu.name().substring("cpu".length());
            HostDirectory clock = cpu.below("cpufreq");
            FILES.read(clock, table, "cpu", number);
            String chosen = clock.textOrEmpty("scaling_governor");
            for (String governor : Words.of(clock.textOrEmpty("scaling_available_governors"))) {
                if (!governor.isEmpty()) {
                    table.gauge("node_cpu_scaling_governor", "Which governor is chosen.")
                            .add(
                                    governor.equals(chosen) ? 1 : 0,
                                    "cpu",
                                    number,
                                    "governor",
                                    governor);
                }
            }
        }
    }
}
