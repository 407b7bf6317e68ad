package dev.muster.agent.api;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Metrics of this process and its JVM, by the names that Prometheus' client libraries use.
final class ProcessMetrics {
    private static final long PAGE_BYTES = 4_096;

    private ProcessMetrics() {}

    static void write(ExpositionWriter out) {
        ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .ifPresent(time ->
                        counter(
                                out,
                                "process_cpu_seconds_total",
                                "CPU time of this process.",
                                time.toNanos() / 1e9));
        ProcessHandle.current()
                .info()
                .startInstant()
                .ifPresent(start ->
                        gauge(
                                out,
                                "process_start_time_seconds",
                                "When this process started, Unix time.",
                                start.toEpochMilli() / 1e3));
        writeMemory(out);
        writeJvm(out);
    }

    /// Left out where there is no /proc.
    private static void writeMemory(ExpositionWriter out) {
        Path self = Path.of("/proc/self");
        try {
            List<String> pages = List.of(Files.readString(self.resolve("statm")).split(" ", -1));
            gauge(
                    out,
                    "process_virtual_memory_bytes",
                    "Virtual memory of this process.",
                    Long.parseLong(pages.get(0)) * PAGE_BYTES);
            gauge(
                    out,
                    "process_resident_memory_bytes",
                    "Resident memory of this process.",
                    Long.parseLong(pages.get(1)) * PAGE_BYTES);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(self.resolve("fd"))) {
                long count = 0;
                for (Path _ : files) {
                    count++;
                }
                gauge(out, "process_open_fds", "Open file descriptors.", count);
            }
        } catch (IOException | RuntimeException e) {
            System.getLogger(ProcessMetrics.class.getName())
                    .log(System.Logger.Level.DEBUG, "no /proc of this process", e);
        }
    }

    private static void writeJvm(ExpositionWriter out) {
        Runtime runtime = Runtime.getRuntime();
        String used = "jvm_memory_used_bytes";
        out.family(used, MetricType.GAUGE, "Memory used.");
        out.sample(used, "area", "heap", runtime.totalMemory() - runtime.freeMemory());
        String committed = "jvm_memory_committed_bytes";
        out.family(committed, MetricType.GAUGE, "Memory taken from the system.");
        out.sample(committed, "area", "heap", runtime.totalMemory());
        String max = "jvm_memory_max_bytes";
        out.family(max, MetricType.GAUGE, "Most memory that may be used.");
        out.sample(max, "area", "heap", runtime.maxMemory());
        String count = "jvm_gc_collection_seconds";
        out.family(count, MetricType.SUMMARY, "Time spent in garbage collections.");
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            out.sample(count + "_count", "gc", gc.getName(), gc.getCollectionCount());
            out.sample(count + "_sum", "gc", gc.getName(), gc.getCollectionTime() / 1e3);
        }
        gauge(
                out,
                "jvm_threads_current",
                "Live threads.",
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static void counter(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value);
    }

    private static void gauge(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }
}
