package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NoDataException;
import dev.muster.agent.exporter.collect.NumberFiles;
import dev.muster.agent.exporter.collect.Words;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What systemd units, pods and containers use: CPU, memory, I/O, processes and pressure of their
/// control groups, version 2 (the kernel's document "Control Group v2"). node_exporter has nothing
/// like it.
///
/// Groups between those, such as sessions of users, are passed over. At most [#GROUPS_LIMIT] groups
/// are told, the uppermost first; `node_cgroup_left_out` counts the others.
record GroupUse(HostDirectory root) {
    static final int GROUPS_LIMIT = 512;

    private static final int DEPTH_LIMIT = 8;
    private static final Pattern ANY = Pattern.compile("[^.].*");
    private static final Pattern UNIT = Pattern.compile(".+\\.(service|scope|slice|socket|mount)");

    /// Docker, containerd, CRI-O and podman name their scopes and directories by the container.
    private static final Pattern CONTAINER =
            Pattern.compile("(?:[a-z-]+-)?([0-9a-f]{64})(?:\\.scope)?");

    private static final Pattern POD =
            Pattern.compile(".*pod([0-9a-f]{8}[-_][0-9a-f_-]{27})(?:\\.slice)?");
    private static final Pattern PRESSURE = Pattern.compile("(some|full) .* total=(\\d+)");
    private static final Pattern DEVICE = Pattern.compile("(\\d+:\\d+) (.*)");
    private static final String PREFIX = "node_cgroup_";
    private static final double MICRO = 1e6;

    private static final NumberFiles FILES =
            NumberFiles.of(PREFIX)
                    .gauge("memory.current", "memory_bytes", "Memory in use.")
                    .gauge("memory.max", "memory_limit_bytes", "Most memory, where limited.")
                    .gauge("memory.swap.current", "memory_swap_bytes", "Swap in use.")
                    .gauge("memory.peak", "memory_peak_bytes", "Most memory that was in use.")
                    .gauge("pids.current", "processes", "Processes and threads.")
                    .gauge("pids.max", "processes_limit", "Most processes, where limited.");

    private static final Map<String, String> CPU =
            Map.of(
                    "usage_usec", "cpu_usage_seconds_total",
                    "user_usec", "cpu_user_seconds_total",
                    "system_usec", "cpu_system_seconds_total",
                    "throttled_usec", "cpu_throttled_seconds_total");

    private static final Map<String, String> PERIODS =
            Map.of(
                    "nr_periods",
                    "cpu_periods_total",
                    "nr_throttled",
                    "cpu_throttled_periods_total");

    private static final Map<String, String> MEMORY =
            Map.of("anon", "memory_anonymous_bytes", "file", "memory_file_bytes");

    private static final Map<String, String> IO =
            Map.of(
                    "rbytes", "io_read_bytes_total",
                    "wbytes", "io_written_bytes_total",
                    "rios", "io_reads_total",
                    "wios", "io_writes_total");

    /// A group that is yet to be looked at, with what it lies in.
    private record Group(
            HostDirectory directory, String path, String pod, String unit, int depth) {}

    void fill(FamilyTable table) throws NoDataException {
        if (root.text("cgroup.controllers").isEmpty()) {
            throw new NoDataException("host has no control groups of version 2: " + root);
        }
        Deque<Group> groups = new ArrayDeque<>();
        groups.add(new Group(root, "", "", "", 0));
        int told = 0;
        int left = 0;
        while (!groups.isEmpty()) {
            Group group = groups.remove();
            String container = container(group.directory().name());
            boolean named = isNamed(group, container);
            if (named && told < GROUPS_LIMIT) {
                told++;
                tell(
                        group.directory(),
                        table,
                        "cgroup",
                        group.path(),
                        "container",
                        container,
                        "pod",
                        group.pod(),
                        "unit",
                        group.unit());
            } else if (named) {
                left++;
            }
            if (group.depth() < DEPTH_LIMIT) {
                children(group, groups);
            }
        }
        table.gauge(PREFIX + "left_out", "Groups beyond the most that are told.").add(left);
    }

    private static void children(Group group, Deque<Group> into) {
        for (HostDirectory child : group.directory().directories(ANY)) {
            String name = child.name();
            Matcher pod = POD.matcher(name);
            into.add(
                    new Group(
                            child,
                            group.path() + "/" + name,
                            pod.matches() ? pod.group(1).replace('_', '-') : group.pod(),
                            UNIT.matcher(name).matches() ? name : group.unit(),
                            group.depth() + 1));
        }
    }

    private static boolean isNamed(Group group, String container) {
        String name = group.directory().name();
        return group.depth() > 0
                && (!container.isEmpty()
                        || name.equals(group.unit())
                        || POD.matcher(name).matches());
    }

    private static String container(String name) {
        Matcher container = CONTAINER.matcher(name);
        return container.matches() ? container.group(1) : "";
    }

    private static void tell(HostDirectory group, FamilyTable table, String... labels) {
        FILES.read(group, table, labels);
        for (String line : group.lines("cpu.stat")) {
            String[] words = Words.of(line);
            pair(words, CPU, MICRO, true, table, labels);
            pair(words, PERIODS, 1, true, table, labels);
        }
        for (String line : group.lines("memory.stat")) {
            pair(Words.of(line), MEMORY, 1, false, table, labels);
        }
        for (String line : group.lines("memory.events")) {
            String[] words = Words.of(line);
            if (words.length == 2) {
                table.counter(PREFIX + "memory_events_total", "Limits reached and kills.")
                        .addText(words[1], with(labels, "event", words[0]));
            }
        }
        for (String line : group.lines("io.stat")) {
            Matcher device = DEVICE.matcher(line);
            if (device.matches()) {
                for (String field : Words.of(device.group(2))) {
                    String[] words = field.split("=", -1);
                    pair(words, IO, 1, true, table, with(labels, "device", device.group(1)));
                }
            }
        }
        for (String resource : new String[] {"cpu", "memory", "io"}) {
            pressure(group, resource, table, labels);
        }
    }

    private static void pair(
            String[] words,
            Map<String, String> families,
            double divisor,
            boolean counter,
            FamilyTable table,
            String... labels) {
        String family = words.length == 2 ? families.get(words[0]) : null;
        if (family == null) {
            return;
        }
        String help = "Field " + words[0] + " of the group.";
        FamilyTable.Family into =
                counter ? table.counter(PREFIX + family, help) : table.gauge(PREFIX + family, help);
        HostDirectory.parse(words[1]).ifPresent(value -> into.add(value / divisor, labels));
    }

    /// Some of the tasks wait, or all of them.
    private static void pressure(
            HostDirectory group, String resource, FamilyTable table, String... labels) {
        for (String line : group.lines(resource + ".pressure")) {
            Matcher total = PRESSURE.matcher(line);
            if (total.matches()) {
                String kind = total.group(1).equals("some") ? "waiting" : "stalled";
                table.counter(
                                PREFIX + "pressure_" + resource + "_" + kind + "_seconds_total",
                                "Time that tasks waited for " + resource + ".")
                        .add(Double.parseDouble(total.group(2)) / MICRO, labels);
            }
        }
    }

    private static String[] with(String[] labels, String name, String value) {
        String[] more = Arrays.copyOf(labels, labels.length + 2);
        more[labels.length] = name;
        more[labels.length + 1] = value;
        return more;
    }
}
