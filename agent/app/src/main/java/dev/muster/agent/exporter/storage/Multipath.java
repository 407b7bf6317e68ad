package dev.muster.agent.exporter.storage;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import java.util.List;
import java.util.regex.Pattern;

/// Devices that are reached by several paths: /sys/block/dm-*.
record Multipath(HostDirectory block) {
    private static final Pattern DEVICE = Pattern.compile("dm-\\d+");
    private static final Pattern ANY = Pattern.compile(".*");
    private static final String PREFIX = "node_dmmultipath_";
    private static final double SECTOR = 512;

    void fill(FamilyTable table) {
        for (HostDirectory device : block.directories(DEVICE)) {
            String uuid = device.textOrEmpty("dm/uuid");
            if (uuid.startsWith("mpath-")) {
                device(device, uuid, table);
            }
        }
    }

    private void device(HostDirectory device, String uuid, FamilyTable table) {
        String name = device.textOrEmpty("dm/name");
        String[] labels = {"device", name, "sysfs_name", device.name()};
        table.gauge(PREFIX + "device_info", "What the device is.")
                .add(1, "device", name, "sysfs_name", device.name(), "uuid", uuid);
        table.gauge(PREFIX + "device_active", "Whether the device is not suspended.")
                .add(device.textOrEmpty("dm/suspended").equals("0") ? 1 : 0, labels);
        device.number("size")
                .ifPresent(size ->
                        table.gauge(PREFIX + "device_size_bytes", "Size of the device.")
                                .add(size * SECTOR, labels));
        List<HostDirectory> paths = device.below("slaves").entries(ANY);
        int active = 0;
        for (HostDirectory path : paths) {
            String state = block.below(path.name()).text("device/state").orElse("unknown");
            active += state.equals("running") || state.equals("live") ? 1 : 0;
            table.gauge(PREFIX + "path_state", "State of the path.")
                    .add(1, "device", name, "path", path.name(), "state", state);
        }
        table.gauge(PREFIX + "device_paths", "Paths.").add(paths.size(), labels);
        table.gauge(PREFIX + "device_paths_active", "Paths that work.").add(active, labels);
        table.gauge(PREFIX + "device_paths_failed", "Paths that do not work.")
                .add(paths.size() - active, labels);
    }
}
