package dev.muster.agent.exporter.network;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// Properties of network devices: /sys/class/net.
record DeviceClass(HostDirectory devices) {
    private static final Pattern ANY = Pattern.compile(".*");
    private static final String PREFIX = "node_network_";
    private static final int UP = 1;
    private static final double BYTES_PER_MEGABIT = 125_000;

    private static final NumberFiles PROPERTIES =
            NumberFiles.of(PREFIX)
                    .gauge("addr_assign_type", "address_assign_type", "How it got its address.")
                    .gauge("carrier", "carrier", "Whether the link is there.")
                    .counter("carrier_changes", "carrier_changes_total", "Changes of the link.")
                    .counter(
                            "carrier_down_count",
                            "carrier_down_changes_total",
                            "Times that the link went.")
                    .counter(
                            "carrier_up_count",
                            "carrier_up_changes_total",
                            "Times that the link came.")
                    .gauge("dev_id", "device_id", "Tells devices with one address apart.")
                    .gauge("dormant", "dormant", "Whether it waits for something else.")
                    .gauge("flags", "flags", "Flags of the device.")
                    .gauge("ifindex", "iface_id", "Number of the device.")
                    .gauge("iflink", "iface_link", "Number of the device below.")
                    .gauge("link_mode", "iface_link_mode", "Default (0) or dormant (1).")
                    .gauge("mtu", "mtu_bytes", "Largest packet.")
                    .gauge("name_assign_type", "name_assign_type", "How it got its name.")
                    .gauge("netdev_group", "net_dev_group", "Group of the device.")
                    .gauge("tx_queue_len", "transmit_queue_length", "Packets that may wait.")
                    .gauge("type", "protocol_type", "Type of the device, 1 is Ethernet.");

    void fill(FamilyTable table) {
        for (HostDirectory device : devices.directories(ANY)) {
            String state = device.textOrEmpty("operstate");
            table.gauge(PREFIX + "up", "Whether the device is up.")
                    .add(state.equals("up") ? 1 : 0, "device", device.name());
            table.gauge(PREFIX + "info", "What the device is.")
                    .add(
                            1,
                            "address",
                            device.textOrEmpty("address"),
                            "adminstate",
                            administration(device),
                            "broadcast",
                            device.textOrEmpty("broadcast"),
                            "device",
                            device.name(),
                            "duplex",
                            device.textOrEmpty("duplex"),
                            "ifalias",
                            device.textOrEmpty("ifalias"),
                            "operstate",
                            state);
            PROPERTIES.read(device, table, "device", device.name());
            OptionalDouble speed = device.number("speed");
            if (speed.isPresent() && speed.getAsDouble() >= 0) {
                // -1: the driver does not know
                table.gauge(PREFIX + "speed_bytes", "Speed of the link per second.")
                        .add(speed.getAsDouble() * BYTES_PER_MEGABIT, "device", device.name());
            }
        }
    }

    private static String administration(HostDirectory device) {
        OptionalDouble flags = device.number("flags");
        if (flags.isEmpty()) {
            return "unknown";
        }
        return ((long) flags.getAsDouble() & UP) != 0 ? "up" : "down";
    }
}
