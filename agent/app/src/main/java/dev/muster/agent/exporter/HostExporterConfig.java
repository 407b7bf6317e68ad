package dev.muster.agent.exporter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the host exporter reads, and how long a collector may take.
///
/// @param procfs where /proc of the host is mounted
/// @param sysfs where /sys of the host is mounted
/// @param rootfs where the host's root file system is mounted; `/` where the agent runs on it
/// @param udev udev's data about devices, normally /run/udev/data
/// @param collectors names of the collectors that run; a subset of [CollectorNames#all()]
/// @param textFiles directory of files `*.prom` whose metrics are the host's; empty for none
/// @param settings settings of the kernel that collector `sysctl` tells: names as sysctl(8) has
///   them, `name:field,field` for those with several numbers, `info:name` for words
/// @param details whether to expose what node_exporter exposes only when asked: what the CPUs are,
///   with flags and bugs, and soft interrupts by vector
/// @param timeout how long a collector that may hang is waited for
public record HostExporterConfig(
        Path procfs,
        Path sysfs,
        Path rootfs,
        Path udev,
        Set<String> collectors,
        Optional<Path> textFiles,
        List<String> settings,
        boolean details,
        Duration timeout) {
    public HostExporterConfig {
        collectors = Set.copyOf(collectors);
        settings = List.copyOf(settings);
        for (String collector : collectors) {
            if (!CollectorNames.all().contains(collector)) {
                throw new IllegalArgumentException(
                        "collector must be one of "
                                + CollectorNames.all()
                                + ": found="
                                + collector);
            }
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive: found=" + timeout);
        }
    }

    /// The host itself, the default collectors, no details.
    public static HostExporterConfig host() {
        return new HostExporterConfig(
                Path.of("/proc"),
                Path.of("/sys"),
                Path.of("/"),
                Path.of("/run/udev/data"),
                CollectorNames.defaults(),
                Optional.empty(),
                List.of(),
                false,
                Duration.ofMillis(500));
    }

    /// The same host as it is mounted elsewhere.
    public HostExporterConfig withRoots(Path procfs, Path sysfs, Path rootfs, Path udev) {
        return new HostExporterConfig(
                procfs, sysfs, rootfs, udev, collectors, textFiles, settings, details, timeout);
    }

    public HostExporterConfig withCollectors(Set<String> collectors) {
        return new HostExporterConfig(
                procfs, sysfs, rootfs, udev, collectors, textFiles, settings, details, timeout);
    }

    /// With files of metrics, and settings of the kernel.
    public HostExporterConfig withExtras(Optional<Path> textFiles, List<String> settings) {
        return new HostExporterConfig(
                procfs, sysfs, rootfs, udev, collectors, textFiles, settings, details, timeout);
    }

    public HostExporterConfig withTimeout(Duration timeout) {
        return new HostExporterConfig(
                procfs, sysfs, rootfs, udev, collectors, textFiles, settings, details, timeout);
    }

    public HostExporterConfig withDetails(boolean details) {
        return new HostExporterConfig(
                procfs, sysfs, rootfs, udev, collectors, textFiles, settings, details, timeout);
    }
}
