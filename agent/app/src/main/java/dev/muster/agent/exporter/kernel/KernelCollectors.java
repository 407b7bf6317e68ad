package dev.muster.agent.exporter.kernel;

import static dev.muster.agent.exporter.collect.TableCollector.EACH_SCRAPE;
import static dev.muster.agent.exporter.collect.TableCollector.RARE;
import static dev.muster.agent.exporter.collect.TableCollector.SLOW;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.TableCollector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The collectors of this package.
public final class KernelCollectors {
    private KernelCollectors() {}

    /// @param procfs where /proc of the host is mounted
    /// @param sysfs where /sys of the host is mounted
    /// @param rootfs where the root of the host is mounted
    /// @param textFiles directory of files `*.prom`
    /// @param settings settings of the kernel that are told, as sysctl(8) names them
    public static List<Collector> all(
            HostDirectory procfs,
            HostDirectory sysfs,
            HostDirectory rootfs,
            Optional<Path> textFiles,
            List<String> settings) {
        Interrupts interrupts = new Interrupts(procfs);
        return List.of(
                new TableCollector("buddyinfo", EACH_SCRAPE, new BuddyInfo(procfs)::fill),
                new TableCollector("cgroups", SLOW, new ControlGroups(procfs)::fill),
                new TableCollector(
                        "cgroup_use",
                        Duration.ofSeconds(5),
                        new GroupUse(sysfs.below("fs/cgroup"))::fill),
                new TableCollector("interrupts", EACH_SCRAPE, interrupts::hard),
                new TableCollector("kernel_hung", SLOW, table -> hungTasks(procfs, table)),
                new TableCollector(
                        "ksmd", SLOW, new PageMerging(sysfs.below("kernel/mm/ksm"))::fill),
                new TableCollector(
                        "meminfo_numa",
                        EACH_SCRAPE,
                        new NumaMemory(sysfs.below("devices/system/node"))::fill),
                new TableCollector("os", RARE, new OperatingSystem(rootfs)::fill),
                new TableCollector("processes", SLOW, new Processes(procfs)::fill),
                new TableCollector("schedstat", EACH_SCRAPE, new Scheduling(procfs)::fill),
                new TableCollector("selinux", RARE, new SecurityModule(sysfs, rootfs)::fill),
                new TableCollector("slabinfo", SLOW, new Slabs(procfs)::fill),
                new TableCollector("softirqs", EACH_SCRAPE, interrupts::soft),
                new TableCollector("swap", SLOW, new Swaps(procfs)::fill),
                new TableCollector("sysctl", SLOW, new Settings(procfs, settings)::fill),
                new TextFiles(textFiles),
                new TableCollector("timex", EACH_SCRAPE, new ClockState()::fill),
                new TableCollector("zoneinfo", EACH_SCRAPE, new MemoryZones(procfs)::fill));
    }

    private static void hungTasks(HostDirectory procfs, FamilyTable table) {
        procfs.number("sys/kernel/hung_task_detect_count")
                .ifPresent(
                        table.counter("node_kernel_hung_tasks_total", "Tasks found hanging.")::add);
    }
}
