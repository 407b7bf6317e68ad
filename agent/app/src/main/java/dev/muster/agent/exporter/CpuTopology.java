package dev.muster.agent.exporter;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// How CPUs make up cores and packages, how often these were throttled, and which CPUs are isolated
/// from the scheduler: /sys/devices/system/cpu.
final class CpuTopology {
    /// Content of the files is a number and a line feed.
    private static final int SMALL = 64;

    /// A core or package that counts how often it was throttled.
    ///
    /// @param core number of the core; empty for a package
    private record Throttled(String packageId, String core, HostFile count) {}

    private final Path directory;
    private final TextCursor text = new TextCursor();
    private int cpus = -1;
    private List<Throttled> cores = List.of();
    private List<Throttled> packages = List.of();
    private List<Integer> isolated = List.of();

    CpuTopology(Path directory) {
        this.directory = directory;
    }

    /// @param count how many CPUs there are: the topology is read again when that changes
    void collect(ExpositionWriter into, int count) throws IOException {
        if (count != cpus) {
            scan();
            cpus = count;
        }
        throttles(into);
        if (!isolated.isEmpty()) {
            String name = "node_cpu_isolated";
            into.family(name, MetricType.GAUGE, "CPUs that the scheduler leaves alone; always 1.");
            for (int cpu : isolated) {
                into.begin(name).label("cpu", cpu).end(1);
            }
        }
    }

    private void throttles(ExpositionWriter into) throws IOException {
        if (!packages.isEmpty()) {
            String name = "node_cpu_package_throttles_total";
            into.family(name, MetricType.COUNTER, "How often the CPU package was throttled.");
            for (Throttled one : packages) {
                into.sample(name, "package", one.packageId(), count(one));
            }
        }
        if (!cores.isEmpty()) {
            String name = "node_cpu_core_throttles_total";
            into.family(name, MetricType.COUNTER, "How often the CPU core was throttled.");
            for (Throttled one : cores) {
                into.sample(name, "core", one.core(), "package", one.packageId(), count(one));
            }
        }
    }

    private double count(Throttled throttled) throws IOException {
        try (HostFile file = throttled.count()) {
            file.read(text);
        }
        text.nextLine();
        return text.nextNumber();
    }

    private void scan() throws IOException {
        List<Throttled> foundCores = new ArrayList<>();
        List<Throttled> foundPackages = new ArrayList<>();
        Set<String> seen = new TreeSet<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> cpus = Files.newDirectoryStream(directory, "cpu[0-9]*")) {
                for (Path cpu : cpus) {
                    scan(cpu, seen, foundCores, foundPackages);
                }
            }
        }
        cores = foundCores;
        packages = foundPackages;
        isolated = CpuList.parse(line(directory.resolve("isolated")));
    }

    private static void scan(
            Path cpu, Set<String> seen, List<Throttled> cores, List<Throttled> packages)
            throws IOException {
        String packageId = line(cpu.resolve("topology/physical_package_id"));
        String core = line(cpu.resolve("topology/core_id"));
        Path coreCount = cpu.resolve("thermal_throttle/core_throttle_count");
        Path packageCount = cpu.resolve("thermal_throttle/package_throttle_count");
        if (Files.exists(packageCount) && seen.add(packageId)) {
            packages.add(new Throttled(packageId, "", new HostFile(packageCount, SMALL)));
        }
        if (Files.exists(coreCount) && seen.add(packageId + "/" + core)) {
            cores.add(new Throttled(packageId, core, new HostFile(coreCount, SMALL)));
        }
    }

    /// The only line of a file; empty where there is no file.
    private static String line(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
