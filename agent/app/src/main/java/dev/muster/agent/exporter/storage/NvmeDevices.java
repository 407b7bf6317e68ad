package dev.muster.agent.exporter.storage;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// NVMe controllers and their namespaces: /sys/class/nvme.
record NvmeDevices(HostDirectory devices) {
    private static final Pattern CONTROLLER = Pattern.compile("nvme\\d+");
    private static final Pattern NAMESPACE = Pattern.compile("nvme\\d+(?:c\\d+)?n(\\d+)");
    private static final String PREFIX = "node_nvme_";

    void fill(FamilyTable table) {
        for (HostDirectory device : devices.directories(CONTROLLER)) {
            table.gauge(PREFIX + "info", "What the controller is.")
                    .add(
                            1,
                            "cntlid",
                            device.textOrEmpty("cntlid"),
                            "device",
                            device.name(),
                            "firmware_revision",
                            device.textOrEmpty("firmware_rev"),
                            "model",
                            device.textOrEmpty("model"),
                            "serial",
                            device.textOrEmpty("serial"),
                            "state",
                            device.textOrEmpty("state"));
            for (HostDirectory space : device.directories(NAMESPACE)) {
                Matcher name = NAMESPACE.matcher(space.name());
                if (name.matches()) {
                    space(space, table, "device", device.name(), "nsid", name.group(1));
                }
            }
        }
    }

    private static void space(HostDirectory space, FamilyTable table, String... labels) {
        table.gauge(PREFIX + "namespace_info", "State of the namespace.")
                .add(
                        1,
                        "ana_state",
                        space.text("ana_state").orElse("unknown"),
                        labels[0],
                        labels[1],
                        labels[2],
                        labels[3]);
        double block = space.number("queue/logical_block_size").orElse(0);
        double size = space.number("size").orElse(0);
        double used = space.number("nuse").orElse(0);
        table.gauge(PREFIX + "namespace_logical_block_size_bytes", "Size of a block.")
                .add(block, labels);
        table.gauge(PREFIX + "namespace_size_bytes", "Size of the namespace.")
                .add(size * block, labels);
        table.gauge(PREFIX + "namespace_capacity_bytes", "Capacity of the namespace.")
                .add(size * block, labels);
        table.gauge(PREFIX + "namespace_used_bytes", "Bytes in use.").add(used * block, labels);
    }
}
