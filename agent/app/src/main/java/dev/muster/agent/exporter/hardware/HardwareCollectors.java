package dev.muster.agent.exporter.hardware;

import static dev.muster.agent.exporter.collect.TableCollector.RARE;
import static dev.muster.agent.exporter.collect.TableCollector.SLOW;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.TableCollector;
import java.util.List;

/// The collectors of this package.
public final class HardwareCollectors {
    private HardwareCollectors() {}

    /// @param sysfs where /sys of the host is mounted
    public static List<Collector> all(HostDirectory sysfs) {
        HostDirectory system = sysfs.below("devices/system");
        HostDirectory devices = sysfs.below("class");
        return List.of(
                new TableCollector("cpufreq", SLOW, new CpuFrequencies(system.below("cpu"))::fill),
                new TableCollector(
                        "cpu_vulnerabilities",
                        RARE,
                        new CpuVulnerabilities(system.below("cpu/vulnerabilities"))::fill),
                new TableCollector("dmi", RARE, new Identification(devices.below("dmi/id"))::fill),
                new TableCollector("drm", SLOW, new GraphicsCards(devices.below("drm"))::fill),
                new TableCollector("edac", SLOW, new MemoryErrors(system.below("edac/mc"))::fill),
                new TableCollector("hwmon", SLOW, new Sensors(devices.below("hwmon"))::fill),
                new TableCollector(
                        "pcidevice", RARE, new PciDevices(sysfs.below("bus/pci/devices"))::fill),
                new TableCollector(
                        "powersupplyclass",
                        SLOW,
                        new PowerSupplies(devices.below("power_supply"))::fill),
                new TableCollector("rapl", SLOW, new PowerMeters(devices.below("powercap"))::fill),
                new TableCollector(
                        "thermal_zone", SLOW, new Temperatures(devices.below("thermal"))::fill),
                new TableCollector(
                        "watchdog", SLOW, new Watchdogs(devices.below("watchdog"))::fill));
    }
}
