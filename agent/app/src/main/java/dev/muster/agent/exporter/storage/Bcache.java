package dev.muster.agent.exporter.storage;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import dev.muster.model.sample.MetricType;
import java.util.Map;
import java.util.regex.Pattern;

/// Caches of block devices on faster ones: /sys/fs/bcache.
record Bcache(HostDirectory sets) {
    private static final Pattern ANY = Pattern.compile(".*-.*");
    private static final Pattern BACKING = Pattern.compile("bdev\\d+");
    private static final Pattern CACHE = Pattern.compile("cache\\d+");
    private static final String PREFIX = "node_bcache_";

    private static final NumberFiles SET =
            NumberFiles.of(PREFIX)
                    .gauge(
                            "average_key_size",
                            "average_key_size_sectors",
                            "Sectors of an average key.")
                    .gauge(
                            "cache_available_percent",
                            "cache_available_percent",
                            "Cache without dirty data.")
                    .gauge("congested", "congested", "Congestion.")
                    .gauge("root_usage_percent", "root_usage_percent", "Use of the root node.")
                    .gauge("tree_depth", "tree_depth", "Depth of the tree.")
                    .gauge(
                            "internal/active_journal_entries",
                            "active_journal_entries",
                            "Entries of the journal newer than the index.")
                    .gauge("internal/btree_nodes", "btree_nodes", "Nodes of the tree.")
                    .gauge(
                            "internal/btree_read_average_duration_us",
                            "btree_read_average_duration_seconds",
                            1e-9,
                            "Time of an average read of the tree.")
                    .counter(
                            "internal/cache_read_races",
                            "cache_read_races_total",
                            "Reads from buckets that were reused meanwhile.");

    private static final NumberFiles STATISTICS =
            NumberFiles.of(PREFIX)
                    .counter(
                            "cache_bypass_hits",
                            "cache_bypass_hits_total",
                            "Hits of what was to go past the cache.")
                    .counter(
                            "cache_bypass_misses",
                            "cache_bypass_misses_total",
                            "Misses of what was to go past the cache.")
                    .counter("cache_hits", "cache_hits_total", "Hits.")
                    .counter(
                            "cache_miss_collisions",
                            "cache_miss_collisions_total",
                            "Misses that another write overtook.")
                    .counter("cache_misses", "cache_misses_total", "Misses.")
                    .counter("cache_readaheads", "cache_readaheads_total", "Reads ahead.");

    /// What the lines of writeback_rate_debug become.
    private static final Map<String, String> WRITEBACK =
            Map.of(
                    "rate", "writeback_rate",
                    "target", "dirty_target_bytes",
                    "proportional", "writeback_rate_proportional_term",
                    "integral", "writeback_rate_integral_term",
                    "change", "writeback_change");

    void fill(FamilyTable table) {
        for (HostDirectory set : sets.directories(ANY)) {
            String[] labels = {"uuid", set.name()};
            SET.read(set, table, labels);
            size(
                    set,
                    "btree_cache_size",
                    "btree_cache_size_bytes",
                    MetricType.GAUGE,
                    table,
                    labels);
            set.directories(BACKING).forEach(device -> backing(set.name(), device, table));
            set.directories(CACHE).forEach(device -> cache(set.name(), device, table));
        }
    }

    private static void backing(String uuid, HostDirectory device, FamilyTable table) {
        String[] labels = {"backing_device", device.name(), "uuid", uuid};
        STATISTICS.read(device.below("stats_total"), table, labels);
        size(
                device.below("stats_total"),
                "bypassed",
                "bypassed_bytes_total",
                MetricType.COUNTER,
                table,
                labels);
        size(device, "dirty_data", "dirty_data_bytes", MetricType.GAUGE, table, labels);
        for (String line : device.lines("writeback_rate_debug")) {
            int colon = line.indexOf(':');
            String family = colon < 0 ? null : WRITEBACK.get(line.substring(0, colon));
            if (family != null) {
                HumanSizes.hundreds(line.substring(colon + 1))
                        .ifPresent(value ->
                                table.gauge(PREFIX + family, "Part of writing back.")
                                        .add(value, labels));
            }
        }
    }

    private static void cache(String uuid, HostDirectory device, FamilyTable table) {
        String[] labels = {"cache_device", device.name(), "uuid", uuid};
        size(device, "io_errors", "io_errors", MetricType.GAUGE, table, labels);
        size(
                device,
                "metadata_written",
                "metadata_written_bytes_total",
                MetricType.COUNTER,
                table,
                labels);
        size(device, "written", "written_bytes_total", MetricType.COUNTER, table, labels);
        for (String line : device.lines("priority_stats")) {
            String[] words = line.split(":\\s+", -1);
            if (words.length == 2 && words[1].endsWith("%")) {
                String part = words[0].equals("Unused") ? "unused" : "metadata";
                HostDirectory.parse(words[1].substring(0, words[1].length() - 1))
                        .ifPresent(value ->
                                table.gauge(
                                                PREFIX + "priority_stats_" + part + "_percent",
                                                "Share of the cache.")
                                        .add(value, labels));
            }
        }
    }

    private static void size(
            HostDirectory directory,
            String file,
            String family,
            MetricType type,
            FamilyTable table,
            String... labels) {
        directory
                .text(file)
                .map(HumanSizes::hundreds)
                .ifPresent(size ->
                        size.ifPresent(value ->
                                table.family(PREFIX + family, type, "File " + file + ".")
                                        .add(value, labels)));
    }
}
