package dev.muster.agent.exporter.storage;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import dev.muster.agent.exporter.collect.Words;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What bcachefs counts: /sys/fs/bcachefs.
record Bcachefs(HostDirectory fileSystems) {
    private static final Pattern ANY = Pattern.compile(".*");
    private static final Pattern DEVICE = Pattern.compile("dev-\\d+");
    private static final Pattern SINCE_CREATION =
            Pattern.compile("since filesystem creation:\\s*(\\S+)");
    private static final Pattern PAIR = Pattern.compile("\\s*(\\w+)\\s*:\\s*(\\d+)");
    private static final String PREFIX = "node_bcachefs_";

    private static final NumberFiles DEVICE_FILES =
            NumberFiles.of(PREFIX)
                    .gauge("nbuckets", "device_buckets", "Buckets.")
                    .gauge("durability", "device_durability", "Copies that it is worth.");

    void fill(FamilyTable table) {
        for (HostDirectory fileSystem : fileSystems.directories(ANY)) {
            String uuid = fileSystem.name();
            table.gauge(PREFIX + "info", "File systems.").add(1, "uuid", uuid);
            HumanSizes.decimal(fileSystem.textOrEmpty("btree_cache_size"))
                    .ifPresent(value ->
                            table.gauge(PREFIX + "btree_cache_size_bytes", "Tree cache.")
                                    .add(value, "uuid", uuid));
            compression(fileSystem, uuid, table);
            writes(fileSystem, uuid, table);
            counters(fileSystem.below("counters"), uuid, table);
            for (String line : fileSystem.lines("errors")) {
                String[] words = Words.of(line);
                if (words.length > 1) {
                    table.counter(PREFIX + "errors_total", "Errors by type.")
                            .addText(words[1], "error_type", words[0], "uuid", uuid);
                }
            }
            for (HostDirectory device : fileSystem.directories(DEVICE)) {
                device(device, uuid, table);
            }
        }
    }

    private static void compression(HostDirectory fileSystem, String uuid, FamilyTable table) {
        for (String line : fileSystem.lines("compression_stats")) {
            String[] words = Words.of(line);
            OptionalDouble compressed =
                    words.length > 2 ? HumanSizes.decimal(words[1]) : OptionalDouble.empty();
            if (compressed.isPresent()) {
                table.gauge(PREFIX + "compression_compressed_bytes", "Bytes once compressed.")
                        .add(compressed.getAsDouble(), "algorithm", words[0], "uuid", uuid);
                HumanSizes.decimal(words[2])
                        .ifPresent(bytes ->
                                table.gauge(
                                                PREFIX + "compression_uncompressed_bytes",
                                                "Bytes before they were compressed.")
                                        .add(bytes, "algorithm", words[0], "uuid", uuid));
            }
        }
    }

    private static void writes(HostDirectory fileSystem, String uuid, FamilyTable table) {
        for (String line : fileSystem.lines("btree_write_stats")) {
            String[] words = line.split(":?\\s+", -1);
            if (words.length == 3 && line.indexOf(':') > 0) {
                table.counter(PREFIX + "btree_writes_total", "Writes of the tree by type.")
                        .addText(words[1], "type", words[0], "uuid", uuid);
                HumanSizes.decimal(words[2])
                        .ifPresent(bytes ->
                                table.gauge(
                                                PREFIX + "btree_write_average_size_bytes",
                                                "Size of an average write.")
                                        .add(bytes, "type", words[0], "uuid", uuid));
            }
        }
    }

    private static void counters(HostDirectory counters, String uuid, FamilyTable table) {
        for (HostDirectory counter : counters.entries(ANY)) {
            Matcher since = SINCE_CREATION.matcher(counters.textOrEmpty(counter.name()));
            if (since.find()) {
                HumanSizes.decimal(since.group(1))
                        .ifPresent(value ->
                                table.counter(
                                                PREFIX + counter.name() + "_total",
                                                "Counter " + counter.name() + ".")
                                        .add(value, "uuid", uuid));
            }
        }
    }

    private static void device(HostDirectory device, String uuid, FamilyTable table) {
        String number = device.name().substring("dev-".length());
        String[] labels = {"device", number, "uuid", uuid};
        table.gauge(PREFIX + "device_info", "What the device is.")
                .add(
                        1,
                        "device",
                        number,
                        "label",
                        device.textOrEmpty("label"),
                        "state",
                        device.textOrEmpty("state"),
                        "uuid",
                        uuid);
        HumanSizes.decimal(device.textOrEmpty("bucket_size"))
                .ifPresent(value ->
                        table.gauge(PREFIX + "device_bucket_size_bytes", "Size of a bucket.")
                                .add(value, labels));
        DEVICE_FILES.read(device, table, labels);
        String operation = "";
        for (String line : device.lines("io_done")) {
            Matcher pair = PAIR.matcher(line);
            if (pair.matches()) {
                table.counter(PREFIX + "device_io_done_bytes_total", "Bytes read and written.")
                        .addText(
                                pair.group(2),
                                "data_type",
                                pair.group(1),
                                "device",
                                number,
                                "operation",
                                operation,
                                "uuid",
                                uuid);
            } else {
                operation = line.replace(":", "").strip();
            }
        }
        errors(device.lines("io_errors"), number, uuid, table);
    }

    /// The first list is that since the file system was made.
    private static void errors(List<String> lines, String number, String uuid, FamilyTable table) {
        for (int i = 1; i < lines.size(); i++) {
            Matcher pair = PAIR.matcher(lines.get(i));
            if (!pair.matches()) {
                return;
            }
            table.counter(PREFIX + "device_io_errors_total", "Errors of the device.")
                    .addText(pair.group(2), "device", number, "type", pair.group(1), "uuid", uuid);
        }
    }
}
