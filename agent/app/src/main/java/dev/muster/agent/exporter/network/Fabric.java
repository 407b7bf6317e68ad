package dev.muster.agent.exporter.network;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// InfiniBand devices and what their ports counted: /sys/class/infiniband.
record Fabric(HostDirectory devices) {
    private static final Pattern ANY = Pattern.compile(".*");
    private static final Pattern RATE = Pattern.compile("([\\d.]+) Gb/sec.*");
    private static final Pattern STATE = Pattern.compile("(\\d+):.*");
    private static final String PREFIX = "node_infiniband_";
    private static final double BYTES_PER_GIGABIT = 125_000_000;

    /// Data is counted in words of four bytes.
    private static final double WORD = 4;

    private static final NumberFiles COUNTERS =
            NumberFiles.of(PREFIX)
                    .counter("link_downed", "link_downed_total", "Links lost for good.")
                    .counter(
                            "link_error_recovery",
                            "link_error_recovery_total",
                            "Links that came back after an error.")
                    .counter(
                            "excessive_buffer_overrun_errors",
                            "excessive_buffer_overrun_errors_total",
                            "Times that buffers overran.")
                    .counter(
                            "local_link_integrity_errors",
                            "local_link_integrity_errors_total",
                            "Times that local errors passed their limit.")
                    .counter(
                            "multicast_rcv_packets",
                            "multicast_packets_received_total",
                            "Multicast packets received.")
                    .counter(
                            "multicast_xmit_packets",
                            "multicast_packets_transmitted_total",
                            "Multicast packets sent.")
                    .counter(
                            "port_rcv_constraint_errors",
                            "port_constraint_errors_received_total",
                            "Packets dropped by the switch as they came.")
                    .counter(
                            "port_xmit_constraint_errors",
                            "port_constraint_errors_transmitted_total",
                            "Packets not sent by the switch.")
                    .counter(
                            "port_rcv_data",
                            "port_data_received_bytes_total",
                            WORD,
                            "Bytes received.")
                    .counter(
                            "port_xmit_data",
                            "port_data_transmitted_bytes_total",
                            WORD,
                            "Bytes sent.")
                    .counter(
                            "port_rcv_discards",
                            "port_discards_received_total",
                            "Packets dropped as they came.")
                    .counter(
                            "port_xmit_discards",
                            "port_discards_transmitted_total",
                            "Packets dropped rather than sent.")
                    .counter(
                            "port_rcv_errors",
                            "port_errors_received_total",
                            "Packets that came with an error.")
                    .counter("port_rcv_packets", "port_packets_received_total", "Packets received.")
                    .counter("port_xmit_packets", "port_packets_transmitted_total", "Packets sent.")
                    .counter(
                            "port_rcv_remote_physical_errors",
                            "port_receive_remote_physical_errors_total",
                            "Packets marked bad by the other side.")
                    .counter(
                            "port_rcv_switch_relay_errors",
                            "port_receive_switch_relay_errors_total",
                            "Packets that the switch could not pass on.")
                    .counter(
                            "port_xmit_wait",
                            "port_transmit_wait_total",
                            "Ticks with data to send and none sent.")
                    .counter("symbol_error", "symbol_error_total", "Small link errors.")
                    .counter("VL15_dropped", "vl15_dropped_total", "Management packets dropped.")
                    .counter(
                            "unicast_rcv_packets",
                            "unicast_packets_received_total",
                            "Unicast packets received.")
                    .counter(
                            "unicast_xmit_packets",
                            "unicast_packets_transmitted_total",
                            "Unicast packets sent.");

    private static final NumberFiles LEGACY =
            NumberFiles.of(PREFIX + "legacy_")
                    .counter(
                            "port_multicast_rcv_packets",
                            "multicast_packets_received_total",
                            "Multicast packets received.")
                    .counter(
                            "port_multicast_xmit_packets",
                            "multicast_packets_transmitted_total",
                            "Multicast packets sent.")
                    .counter(
                            "port_rcv_data_64",
                            "data_received_bytes_total",
                            WORD,
                            "Bytes received.")
                    .counter("port_rcv_packets_64", "packets_received_total", "Packets received.")
                    .counter(
                            "port_unicast_rcv_packets",
                            "unicast_packets_received_total",
                            "Unicast packets received.")
                    .counter(
                            "port_unicast_xmit_packets",
                            "unicast_packets_transmitted_total",
                            "Unicast packets sent.")
                    .counter(
                            "port_xmit_data_64",
                            "data_transmitted_bytes_total",
                            WORD,
                            "Bytes sent.")
                    .counter("port_xmit_packets_64", "packets_transmitted_total", "Packets sent.");

    void fill(FamilyTable table) {
        for (HostDirectory device : devices.directories(ANY)) {
            table.gauge(PREFIX + "info", "What the device is.")
                    .add(
                            1,
                            "board_id",
                            device.textOrEmpty("board_id"),
                            "device",
                            device.name(),
                            "firmware_version",
                            device.textOrEmpty("fw_ver"),
                            "hca_type",
                            device.textOrEmpty("hca_type"));
            for (HostDirectory port : device.below("ports").directories(ANY)) {
                port(device.name(), port, table);
            }
        }
    }

    private static void port(String device, HostDirectory port, FamilyTable table) {
        String[] labels = {"device", device, "port", port.name()};
        matched(STATE, port, "state")
                .ifPresent(id ->
                        table.gauge(PREFIX + "state_id", "State of the port, 4 is active.")
                                .add(id, labels));
        matched(STATE, port, "phys_state")
                .ifPresent(id ->
                        table.gauge(
                                        PREFIX + "physical_state_id",
                                        "Physical state of the port, 5 is up.")
                                .add(id, labels));
        matched(RATE, port, "rate")
                .ifPresent(rate ->
                        table.gauge(PREFIX + "rate_bytes_per_second", "Highest rate of the port.")
                                .add(rate * BYTES_PER_GIGABIT, labels));
        COUNTERS.read(port.below("counters"), table, labels);
        LEGACY.read(port.below("counters_ext"), table, labels);
    }

    private static OptionalDouble matched(Pattern pattern, HostDirectory port, String file) {
        Matcher matcher = pattern.matcher(port.textOrEmpty(file));
        return matcher.matches() ? HostDirectory.parse(matcher.group(1)) : OptionalDouble.empty();
    }
}
