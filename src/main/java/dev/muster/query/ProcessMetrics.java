package dev.muster.query;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Memory and CPU of this process under the names that every Prometheus client uses.
final class ProcessMetrics {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int KIBI = 1_024;

    private ProcessMetrics() {}

    static void register(MeterRegistry registry) {
        Gauge.builder("process_resident_memory_bytes", ProcessMetrics::residentBytes)
                .description("Resident memory size in bytes.")
                .register(registry);
        FunctionCounter.builder("process_cpu_seconds", ProcessMetrics.class, type -> cpuSeconds())
                .description("Total user and system CPU time spent in seconds.")
                .register(registry);
    }

    private static double residentBytes() {
        try {
            return Files.readAllLines(STATUS, StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToDouble(kibibytes -> Double.parseDouble(kibibytes) * KIBI)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static double cpuSeconds() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime() / NANOS_PER_SECOND
                : Double.NaN;
    }
}
