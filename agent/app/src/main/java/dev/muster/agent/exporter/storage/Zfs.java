package dev.muster.agent.exporter.storage;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import dev.muster.model.sample.MetricType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What ZFS counts: /proc/spl/kstat/zfs.
record Zfs(HostDirectory statistics) {
    private static final Pattern ANY = Pattern.compile(".*");
    private static final Pattern OBJECT_SET = Pattern.compile("objset-.*");
    private static final String PREFIX = "node_zfs_";

    /// Files that belong to no pool, and what their families begin with.
    private static final Map<String, String> FILES =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("abdstats", "abd"),
                            Map.entry("arcstats", "arc"),
                            Map.entry("dbufstats", "dbuf"),
                            Map.entry("dmu_tx", "dmu_tx"),
                            Map.entry("dnodestats", "dnode"),
                            Map.entry("fm", "fm"),
                            Map.entry("vdev_cache_stats", "vdev_cache"),
                            Map.entry("vdev_mirror_stats", "vdev_mirror"),
                            Map.entry("xuio_stats", "xuio"),
                            Map.entry("zfetchstats", "zfetch"),
                            Map.entry("zil", "zil")));

    private static final String[] STATES = {
        "online", "degraded", "faulted", "offline", "removed", "unavail", "suspended"
    };

    /// Types of the values that are whole numbers.
    private static final String SIGNED = "3";

    private static final String UNSIGNED = "4";

    void fill(FamilyTable table) {
        FILES.forEach((file, family) -> named(statistics, file, family, table));
        for (HostDirectory pool : statistics.directories(ANY)) {
            io(pool, table);
            state(pool, table);
            for (HostDirectory set : pool.entries(OBJECT_SET)) {
                named(
                        pool,
                        set.name(),
                        "zpool_dataset",
                        table,
                        "dataset",
                        dataset(pool.lines(set.name())),
                        "zpool",
                        pool.name());
            }
        }
    }

    /// Lines `name type value` below two of headings.
    private static void named(
            HostDirectory directory,
            String file,
            String family,
            FamilyTable table,
            String... labels) {
        for (String line : directory.lines(file)) {
            String[] words = Words.of(line);
            if (words.length == 3 && (words[1].equals(UNSIGNED) || words[1].equals(SIGNED))) {
                OptionalDouble value = HostDirectory.parse(words[2]);
                if (value.isPresent()) {
                    add(table, family, words[0], value.getAsDouble(), labels);
                }
            }
        }
    }

    private static void add(
            FamilyTable table, String family, String name, double value, String... labels) {
        table.family(
                        PREFIX + family + "_" + name.replaceAll("[^a-zA-Z0-9_]", "_"),
                        MetricType.UNKNOWN,
                        "Value " + name + " of kstat " + family + ".")
                .add(value, labels);
    }

    private static String dataset(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith("dataset_name")) {
                // names may hold blanks
                return line.replaceFirst("dataset_name\\s+\\d+\\s+", "");
            }
        }
        return "";
    }

    private static void io(HostDirectory pool, FamilyTable table) {
        List<String> lines = pool.lines("io");
        if (lines.size() < 3) {
            return;
        }
        String[] names = Words.of(lines.get(1));
        String[] values = Words.of(lines.get(2));
        for (int i = 0; i < names.length && i < values.length; i++) {
            OptionalDouble value = HostDirectory.parse(values[i]);
            if (value.isPresent()) {
                add(table, "zpool", names[i], value.getAsDouble(), "zpool", pool.name());
            }
        }
    }

    private static void state(HostDirectory pool, FamilyTable table) {
        String now = pool.textOrEmpty("state").toLowerCase(Locale.ROOT);
        for (String state : now.isEmpty() ? new String[0] : STATES) {
            table.gauge(PREFIX + "zpool_state", "State of the pool.")
                    .add(state.equals(now) ? 1 : 0, "state", state, "zpool", pool.name());
        }
    }
}
