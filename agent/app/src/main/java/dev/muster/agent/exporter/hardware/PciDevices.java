package dev.muster.agent.exporter.hardware;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Devices on the PCI bus, their links and power states: /sys/bus/pci/devices.
record PciDevices(HostDirectory devices) {
    private static final Pattern ADDRESS =
            Pattern.compile("([0-9a-f]{4,}):([0-9a-f]{2}):([0-9a-f]{2})\\.([0-9a-f])");
    private static final Pattern SPEED = Pattern.compile("([\\d.]+) GT/s.*");
    private static final String[] STATES = {
        "D0", "D1", "D2", "D3hot", "D3cold", "unknown", "error"
    };
    private static final String PREFIX = "node_pcidevice_";

    private static final NumberFiles FILES =
            NumberFiles.of(PREFIX)
                    .gauge("current_link_width", "current_link_width", "Lanes in use.")
                    .gauge("max_link_width", "max_link_width", "Most lanes.")
                    .gauge("d3cold_allowed", "d3cold_allowed", "Whether it may be switched off.")
                    .gauge(
                            "sriov_drivers_autoprobe",
                            "sriov_drivers_autoprobe",
                            "Whether virtual functions get drivers.")
                    .gauge("sriov_numvfs", "sriov_numvfs", "Virtual functions in use.")
                    .gauge("sriov_totalvfs", "sriov_totalvfs", "Most virtual functions.")
                    .gauge("sriov_vf_total_msix", "sriov_vf_total_msix", "Interrupts for them.");

    void fill(FamilyTable table) {
        for (HostDirectory device : devices.directories(ADDRESS)) {
            Matcher address = ADDRESS.matcher(device.name());
            if (address.matches()) {
                device(device, address, table);
            }
        }
    }

    private static void device(HostDirectory device, Matcher address, FamilyTable table) {
        String[] labels = {
            "bus", address.group(2), "device", address.group(3),
            "function", address.group(4), "segment", address.group(1)
        };
        information(device, labels, table);
        FILES.read(device, table, labels);
        speed(device, "current_link", labels, table);
        speed(device, "max_link", labels, table);
        device.number("numa_node")
                .ifPresent(node -> {
                    if (node >= 0) {
                        table.gauge(PREFIX + "numa_node", "Memory node that is nearest.")
                                .add(node, labels);
                    }
                });
        String now = device.textOrEmpty("power_state");
        for (String state : now.isEmpty() ? new String[0] : STATES) {
            table.gauge(PREFIX + "power_state", "Which power state it is in.")
                    .add(state.equals(now) ? 1 : 0, with(labels, "state", state));
        }
    }

    private static void information(HostDirectory device, String[] labels, FamilyTable table) {
        Matcher parent = ADDRESS.matcher(parentName(device));
        boolean found = parent.matches();
        table.gauge(PREFIX + "info", "What the device is.")
                .add(
                        1,
                        with(
                                labels,
                                "class_id",
                                device.textOrEmpty("class"),
                                "device_id",
                                device.textOrEmpty("device"),
                                "parent_bus",
                                found ? parent.group(2) : "*",
                                "parent_device",
                                found ? parent.group(3) : "*",
                                "parent_function",
                                found ? parent.group(4) : "*",
                                "parent_segment",
                                found ? parent.group(1) : "*",
                                "revision",
                                device.textOrEmpty("revision"),
                                "subsystem_device_id",
                                device.textOrEmpty("subsystem_device"),
                                "subsystem_vendor_id",
                                device.textOrEmpty("subsystem_vendor"),
                                "vendor_id",
                                device.textOrEmpty("vendor")));
    }

    private static String parentName(HostDirectory device) {
        return device.real()
                .map(Path::getParent)
                .map(Path::getFileName)
                .map(Path::toString)
                .orElse("");
    }

    private static void speed(
            HostDirectory device, String link, String[] labels, FamilyTable table) {
        Matcher speed = SPEED.matcher(device.textOrEmpty(link + "_speed"));
        if (speed.matches()) {
            table.gauge(PREFIX + link + "_transfers_per_second", "Transfers of the link.")
                    .add(Double.parseDouble(speed.group(1)) * 1e9, labels);
        }
    }

    private static String[] with(String[] labels, String... more) {
        String[] all = Arrays.copyOf(labels, labels.length + more.length);
        System.arraycopy(more, 0, all, labels.length, more.length);
        return all;
    }
}
