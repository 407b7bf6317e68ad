package dev.muster.agent.exporter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/// What the host exporter reads, and how long a collector may take.
///
/// @param procfs where /proc of the host is mounted
/// @param sysfs where /sys of the host is mounted
/// @param rootfs where the host's root file system is mounted; `/` where the agent runs on it
/// @param udev udev's data about devices, normally /run/udev/data
/// @param collectors names of the collectors that run; a subset of [HostExporter#collectorNames()]
/// @param details whether to expose what node_exporter exposes only when asked: what the CPUs are,
///   with flags and bugs, and soft interrupts by vector
/// @param timeout how long a collector that may hang is waited for
public record HostExporterConfig(
        Path procfs,
        Path sysfs,
        Path rootfs,
        Path udev,
        Set<String> collectors,
        boolean details,
        Duration timeout) {
    public HostExporterConfig {
        collectors = Set.copyOf(collectors);
        for (String collector : collectors) {
            if (!HostExporter.collectorNames().contains(collector)) {
                throw new IllegalArgumentException(
                        "collector must be one of "
                                + HostExporter.collectorNames()
                                + ": found="
                                + collector);
            }
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive: found=" + timeout);
        }
    }

    /// The host itself, every collector, no details.
    public static HostExporterConfig host() {
        return new HostExporterConfig(
                Path.of("/proc"),
                Path.of("/sys"),
                Path.of("/"),
                Path.of("/run/udev/data"),
                HostExporter.collectorNames(),
                false,
                Duration.ofMillis(500));
    }

    public HostExporterConfig withProcfs(Path procfs) {
        return new HostExporterConfig(procfs, sysfs, rootfs, udev, collectors, details, timeout);
    }

    public HostExporterConfig withSysfs(Path sysfs) {
        return new HostExporterConfig(procfs, sysfs, rootfs, udev, collectors, details, timeout);
    }

    public HostExporterConfig withRootfs(Path rootfs) {
        return new HostExporterConfig(procfs, sysfs, rootfs, udev, collectors, details, timeout);
    }

    public HostExporterConfig withUdev(Path udev) {
        return new HostExporterConfig(procfs, sysfs, rootfs, udev, collectors, details, timeout);
    }

    public HostExporterConfig withCollectors(Set<String> collectors) {
        return new HostExporterConfig(procfs, sysfs, rootfs, udev, collectors, details, timeout);
    }

    public HostExporterConfig withTimeout(Duration timeout) {
        return new HostExporterConfig(procfs, sysfs, rootfs, udev, collectors, details, timeout);
    }

    public HostExporterConfig withDetails(boolean details) {
        return new HostExporterConfig(procfs, sysfs, rootfs, udev, collectors, details, timeout);
    }
}
