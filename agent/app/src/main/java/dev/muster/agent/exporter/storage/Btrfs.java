package dev.muster.agent.exporter.storage;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import dev.muster.agent.exporter.collect.Words;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// What btrfs has allocated and used: /sys/fs/btrfs. What only its system calls tell is left out.
record Btrfs(HostDirectory fileSystems) {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-.*");
    private static final Pattern ANY = Pattern.compile(".*");
    private static final String PREFIX = "node_btrfs_";
    private static final String[] TYPES = {"data", "metadata", "system"};
    private static final double SECTOR = 512;
    private static final double MILLI = 1000;

    private static final NumberFiles RESERVED =
            NumberFiles.of(PREFIX).gauge("bytes_reserved", "reserved_bytes", "Bytes reserved.");
    private static final NumberFiles LAYOUT =
            NumberFiles.of(PREFIX)
                    .gauge("total_bytes", "size_bytes", "Bytes allocated.")
                    .gauge("used_bytes", "used_bytes", "Bytes used.");
    private static final NumberFiles GLOBAL =
            NumberFiles.of(PREFIX)
                    .gauge("global_rsv_size", "global_rsv_size_bytes", "Size of the reserve.");
    private static final NumberFiles DEVICE =
            NumberFiles.of(PREFIX).gauge("size", "device_size_bytes", SECTOR, "Size of a device.");

    void fill(FamilyTable table) {
        for (HostDirectory fileSystem : fileSystems.directories(UUID)) {
            String uuid = fileSystem.name();
            table.gauge(PREFIX + "info", "File systems.")
                    .add(1, "label", fileSystem.textOrEmpty("label"), "uuid", uuid);
            GLOBAL.read(fileSystem.below("allocation"), table, "uuid", uuid);
            int devices = 0;
            for (HostDirectory device : fileSystem.below("devices").entries(ANY)) {
                devices++;
                DEVICE.read(device, table, "device", device.name(), "uuid", uuid);
            }
            for (String type : TYPES) {
                allocation(fileSystem.below("allocation/" + type), type, uuid, devices, table);
            }
            commits(fileSystem, uuid, table);
        }
    }

    private static void allocation(
            HostDirectory type, String name, String uuid, int devices, FamilyTable table) {
        RESERVED.read(type, table, "block_group_type", name, "uuid", uuid);
        for (HostDirectory layout : type.directories(ANY)) {
            String[] labels = {"block_group_type", name, "mode", layout.name(), "uuid", uuid};
            LAYOUT.read(layout, table, labels);
            table.gauge(PREFIX + "allocation_ratio", "Bytes on disk for a byte of data.")
                    .add(ratio(layout.name(), devices), labels);
        }
    }

    private static double ratio(String layout, int devices) {
        return switch (layout) {
            case "dup", "raid1", "raid10" -> 2;
            case "raid1c3" -> 3;
            case "raid1c4" -> 4;
            case "raid5" -> devices / (devices - 1.0);
            case "raid6" -> devices / (devices - 2.0);
            default -> 1;
        };
    }

    /// Kernels before 6.0 do not tell: zeros, as node_exporter has it.
    private static void commits(HostDirectory fileSystem, String uuid, FamilyTable table) {
        Map<String, Double> values = new HashMap<>();
        for (String line : fileSystem.lines("commit_stats")) {
            String[] words = Words.of(line);
            if (words.length > 1) {
                HostDirectory.parse(words[1]).ifPresent(value -> values.put(words[0], value));
            }
        }
        table.counter(PREFIX + "commits_total", "Commits.")
                .add(values.getOrDefault("commits", 0.0), "uuid", uuid);
        table.gauge(PREFIX + "last_commit_seconds", "Time of the last commit.")
                .add(values.getOrDefault("last_commit_ms", 0.0) / MILLI, "uuid", uuid);
        table.gauge(PREFIX + "max_commit_seconds", "Time of the longest commit.")
                .add(values.getOrDefault("max_commit_ms", 0.0) / MILLI, "uuid", uuid);
        table.counter(PREFIX + "commit_seconds_total", "Time of all commits.")
                .add(values.getOrDefault("total_commit_ms", 0.0) / MILLI, "uuid", uuid);
    }
}
