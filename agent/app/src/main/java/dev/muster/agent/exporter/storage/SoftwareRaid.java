package dev.muster.agent.exporter.storage;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// RAID made by the kernel: /proc/mdstat and /sys/block/md*.
record SoftwareRaid(HostDirectory procfs, HostDirectory block) {
    private static final Pattern DEVICE =
            Pattern.compile("(md\\S+) : (active|inactive)(?: \\([^)]*\\))? (.*)");
    private static final Pattern BLOCKS = Pattern.compile("\\s+(\\d+) blocks.*");
    private static final Pattern DISKS = Pattern.compile(".*\\[(\\d+)/(\\d+)\\].*");
    private static final Pattern SYNC =
            Pattern.compile(
                    ".*(recovery|resync|check|reshape)\\s*=\\s*(?:.*\\((\\d+)/\\d+\\).*|(\\w+))");
    private static final Pattern ARRAY = Pattern.compile("md\\d+");
    private static final String PREFIX = "node_md_";
    private static final String[] STATES = {"active", "inactive", "recovering", "resync", "check"};

    /// One device as its lines are read.
    private static final class Device {
        private final String name;
        private String state;
        private final boolean active;
        private final int components;
        private final int failed;
        private final int spare;
        private long blocks;
        private long synced = -1;
        private int required = -1;
        private int working = -1;

        Device(Matcher heading) {
            name = heading.group(1);
            state = heading.group(2);
            active = state.equals("active");
            String disks = heading.group(3);
            components = count(disks, "\\[\\d+\\]");
            failed = count(disks, "\\(F\\)");
            spare = count(disks, "\\(S\\)");
        }

        private static int count(String text, String pattern) {
            return (int) Pattern.compile(pattern).matcher(text).results().count();
        }

        void line(String line) {
            Matcher matcher = BLOCKS.matcher(line);
            if (matcher.matches()) {
                blocks = Long.parseLong(matcher.group(1));
            }
            matcher = DISKS.matcher(line);
            if (matcher.matches() && required < 0) {
                required = Integer.parseInt(matcher.group(1));
                working = Integer.parseInt(matcher.group(2));
            }
            matcher = SYNC.matcher(line);
            if (matcher.matches()) {
                state =
                        switch (matcher.group(1)) {
                            case "recovery", "reshape" -> "recovering";
                            case "check" -> "check";
                            default -> "resync";
                        };
                synced = matcher.group(2) == null ? 0 : Long.parseLong(matcher.group(2));
            }
        }

        /// Layouts without copies do not say how many disks they want: all of them.
        void write(FamilyTable table) {
            int plain = components - failed - spare;
            int wanted = active ? required < 0 ? plain : required : 0;
            int used = active ? required < 0 ? plain : working : 0;
            String[] labels = {"device", name};
            table.gauge(PREFIX + "blocks", "Blocks of the device.").add(blocks, labels);
            table.gauge(PREFIX + "blocks_synced", "Blocks in step.")
                    .add(synced < 0 ? blocks : synced, labels);
            table.gauge(PREFIX + "disks_required", "Disks that it wants.").add(wanted, labels);
            FamilyTable.Family disks = table.gauge(PREFIX + "disks", "Disks by state.");
            disks.add(used, "device", name, "state", "active");
            disks.add(failed, "device", name, "state", "failed");
            disks.add(spare, "device", name, "state", "spare");
            FamilyTable.Family states = table.gauge(PREFIX + "state", "State of the device.");
            for (String each : STATES) {
                states.add(each.equals(state) ? 1 : 0, "device", name, "state", each);
            }
        }
    }

    void fill(FamilyTable table) throws IOException {
        Device device = null;
        List<String> lines = procfs.required("mdstat").lines().toList();
        for (String line : lines) {
            Matcher heading = DEVICE.matcher(line);
            if (heading.matches()) {
                if (device != null) {
                    device.write(table);
                }
                device = new Device(heading);
            } else if (device != null) {
                device.line(line);
            }
        }
        if (device != null) {
            device.write(table);
        }
        for (HostDirectory array : block.directories(ARRAY)) {
            array.number("md/raid_disks")
                    .ifPresent(disks ->
                            table.gauge(PREFIX + "raid_disks", "Disks of the array.")
                                    .add(disks, "device", array.name()));
            double degraded = array.number("md/degraded").orElse(0);
            if (array.below("md").exists()) {
                table.gauge(PREFIX + "degraded", "Disks that are missing.")
                        .add(degraded, "device", array.name());
            }
        }
    }
}
