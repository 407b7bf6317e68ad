package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What each memory zone holds: /proc/zoneinfo.
record MemoryZones(HostDirectory procfs) {
    private static final Pattern ZONE = Pattern.compile("Node (\\d+), zone\\s+(\\S+)");
    private static final Pattern FIELD = Pattern.compile("\\s+(?:pages )?(\\w+)\\s+(\\d+)");
    private static final Pattern PROTECTION = Pattern.compile("\\s+protection: \\((.*)\\)");
    private static final String PREFIX = "node_zoneinfo_";

    private record Family(String name, MetricType type, String help) {}

    private static Map.Entry<String, Family> pages(String field, String name, String help) {
        return Map.entry(field, new Family(PREFIX + name + "_pages", MetricType.GAUGE, help));
    }

    private static Map.Entry<String, Family> total(String field, String help) {
        return Map.entry(field, new Family(PREFIX + field + "_total", MetricType.COUNTER, help));
    }

    private static final Map<String, Family> FIELDS =
            Map.ofEntries(
                    pages("nr_free_pages", "nr_free", "Free pages."),
                    pages("min", "min", "Mark below which only the kernel takes pages."),
                    pages("low", "low", "Mark below which pages are reclaimed."),
                    pages("high", "high", "Mark up to which pages are reclaimed."),
                    pages("spanned", "spanned", "Pages of the zone with its holes."),
                    pages("present", "present", "Pages of the zone."),
                    pages("managed", "managed", "Pages that are given out."),
                    pages("nr_active_anon", "nr_active_anon", "Anonymous pages used lately."),
                    pages("nr_inactive_anon", "nr_inactive_anon", "Anonymous pages used less."),
                    pages("nr_isolated_anon", "nr_isolated_anon", "Anonymous pages off the lists."),
                    pages("nr_anon_pages", "nr_anon", "Anonymous pages."),
                    Map.entry(
                            "nr_anon_transparent_hugepages",
                            new Family(
                                    PREFIX + "nr_anon_transparent_hugepages",
                                    MetricType.GAUGE,
                                    "Anonymous transparent huge pages.")),
                    pages("nr_active_file", "nr_active_file", "File pages used lately."),
                    pages("nr_inactive_file", "nr_inactive_file", "File pages used less."),
                    pages("nr_isolated_file", "nr_isolated_file", "File pages off the lists."),
                    pages("nr_file_pages", "nr_file", "Pages of files."),
                    pages("nr_slab_reclaimable", "nr_slab_reclaimable", "Slab pages to reclaim."),
                    pages("nr_slab_unreclaimable", "nr_slab_unreclaimable", "Other slab pages."),
                    Map.entry(
                            "nr_mlock_stack",
                            new Family(
                                    PREFIX + "nr_mlock_stack_pages",
                                    MetricType.GAUGE,
                                    "Locked pages of stacks.")),
                    Map.entry(
                            "nr_kernel_stack",
                            new Family(
                                    PREFIX + "nr_kernel_stacks",
                                    MetricType.GAUGE,
                                    "Stacks of the kernel.")),
                    pages("nr_mapped", "nr_mapped", "Mapped pages."),
                    pages("nr_dirty", "nr_dirty", "Pages to be written."),
                    pages("nr_writeback", "nr_writeback", "Pages being written."),
                    pages("nr_unevictable", "nr_unevictable", "Pages that must stay."),
                    pages("nr_shmem", "nr_shmem", "Shared pages, those of tmpfs among them."),
                    total("nr_dirtied", "Pages made dirty."),
                    total("nr_written", "Pages written."),
                    total("numa_hit", "Pages taken from the node that was meant."),
                    total("numa_miss", "Pages taken here though another node was meant."),
                    total("numa_foreign", "Pages taken elsewhere though this node was meant."),
                    total("numa_interleave", "Pages taken here by turns."),
                    total("numa_local", "Pages taken by a process of this node."),
                    total("numa_other", "Pages taken by a process of another node."));

    void fill(FamilyTable table) throws IOException {
        String node = "";
        String zone = "";
        for (String line : procfs.required("zoneinfo").lines().toList()) {
            Matcher heading = ZONE.matcher(line);
            if (heading.lookingAt()) {
                node = heading.group(1);
                zone = heading.group(2);
                continue;
            }
            Matcher protection = PROTECTION.matcher(line);
            if (protection.matches()) {
                protection(protection.group(1), table, node, zone);
                continue;
            }
            Matcher field = FIELD.matcher(line);
            Family family = field.matches() ? FIELDS.get(field.group(1)) : null;
            if (family != null) {
                table.family(family.name(), family.type(), family.help())
                        .addText(field.group(2), "node", node, "zone", zone);
            }
        }
    }

    private static void protection(String list, FamilyTable table, String node, String zone) {
        String[] values = list.split(", ", -1);
        for (int i = 0; i < values.length; i++) {
            table.gauge(PREFIX + "protection_" + i, "Pages kept from users of zone " + i + ".")
                    .addText(values[i], "node", node, "zone", zone);
        }
    }
}
