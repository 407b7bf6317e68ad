package dev.muster.agent.exporter.storage;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.util.Map;
import java.util.regex.Pattern;

/// What XFS counts for each file system: /sys/fs/xfs.
record Xfs(HostDirectory fileSystems) {
    private static final Pattern ANY = Pattern.compile(".*");
    private static final String[] TREE = {
        "lookups", "compares", "records_inserted", "records_deleted"
    };

    private record Line(String family, String... columns) {}

    private static final Map<String, Line> LINES =
            Map.of(
                    "extent_alloc",
                    new Line(
                            "extent_allocation_",
                            "extents_allocated",
                            "blocks_allocated",
                            "extents_freed",
                            "blocks_freed"),
                    "abt",
                    new Line("allocation_btree_", TREE),
                    "blk_map",
                    new Line(
                            "block_mapping_",
                            "reads",
                            "writes",
                            "unmaps",
                            "extent_list_insertions",
                            "extent_list_deletions",
                            "extent_list_lookups",
                            "extent_list_compares"),
                    "bmbt",
                    new Line("block_map_btree_", TREE),
                    "dir",
                    new Line("directory_operation_", "lookup", "create", "remove", "getdents"),
                    "ig",
                    new Line(
                            "inode_operation_",
                            "attempts",
                            "found",
                            "recycled",
                            "missed",
                            "duplicates",
                            "reclaims",
                            "attribute_changes"),
                    "rw",
                    new Line("", "write_calls", "read_calls"),
                    "vnodes",
                    new Line(
                            "vnode_",
                            "active",
                            "allocate",
                            "get",
                            "hold",
                            "release",
                            "reclaim",
                            "remove"));

    void fill(FamilyTable table) {
        for (HostDirectory fileSystem : fileSystems.directories(ANY)) {
            for (String text : fileSystem.lines("stats/stats")) {
                String[] words = Words.of(text);
                Line line = LINES.get(words[0]);
                for (int i = 0;
                        line != null && i < line.columns().length && i + 1 < words.length;
                        i++) {
                    String column = line.columns()[i];
                    table.counter(
                                    "node_xfs_" + line.family() + column + "_total",
                                    "Column " + column + " of line " + words[0] + ".")
                            .addText(words[i + 1], "device", fileSystem.name());
                }
            }
        }
    }
}
