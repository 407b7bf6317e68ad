package dev.muster.agent.exporter.storage;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.Words;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What each NFS mount counted: /proc/self/mountstats.
record NfsMounts(HostDirectory procfs) {
    private static final Pattern DEVICE =
            Pattern.compile("device (\\S+) mounted on (.*) with fstype (nfs4?)( .*)?");
    private static final String PREFIX = "node_mountstats_nfs_";

    /// Times wrap below zero; the kernel prints them without a sign.
    private static final long WRAP = 1L << 53;

    private static final String[] EVENTS = {
        "inode_revalidate",
        "dnode_revalidate",
        "data_invalidate",
        "attribute_invalidate",
        "vfs_open",
        "vfs_lookup",
        "vfs_access",
        "vfs_update_page",
        "vfs_read_page",
        "vfs_read_pages",
        "vfs_write_page",
        "vfs_write_pages",
        "vfs_getdents",
        "vfs_setattr",
        "vfs_flush",
        "vfs_fsync",
        "vfs_lock",
        "vfs_file_release",
        "",
        "truncation",
        "write_extension",
        "silly_rename",
        "short_read",
        "short_write",
        "jukebox_delay",
        "pnfs_read",
        "pnfs_write"
    };
    private static final String[] BYTES = {
        "read_bytes", "write_bytes", "direct_read_bytes", "direct_write_bytes",
        "total_read_bytes", "total_write_bytes", "read_pages", "write_pages"
    };
    private static final String[] TCP = {
        "",
        "bind",
        "connect",
        "",
        "idle_time_seconds",
        "sends",
        "receives",
        "bad_transaction_ids",
        "",
        "backlog_queue",
        "maximum_rpc_slots",
        "sending_queue",
        "pending_queue"
    };
    private static final String[] UDP = {
        "",
        "bind",
        "sends",
        "receives",
        "bad_transaction_ids",
        "",
        "backlog_queue",
        "maximum_rpc_slots",
        "sending_queue",
        "pending_queue"
    };
    private static final Set<String> TRANSPORT_GAUGES =
            Set.of("idle_time_seconds", "maximum_rpc_slots");
    private static final String[] OPERATIONS = {
        "requests_total",
        "transmissions_total",
        "major_timeouts_total",
        "sent_bytes_total",
        "received_bytes_total",
        "queue_time_seconds_total",
        "response_time_seconds_total",
        "request_time_seconds_total"
    };

    /// Reads one mount's lines.
    private static final class Mount {
        private final FamilyTable table;
        private final Set<String> seen;
        private final String export;
        private final String mountPoint;
        private String address = "";
        private String protocol = "";
        private String age = "0";
        private boolean repeated;
        private boolean operations;
        private int transports;

        Mount(Matcher heading, FamilyTable table, Set<String> seen) {
            export = heading.group(1);
            mountPoint = heading.group(2);
            this.table = table;
            this.seen = seen;
        }

        void line(String line) {
            String[] words = Words.of(line);
            switch (words[0]) {
                case "opts:" -> options(words[1]);
                case "age:" -> age = words[1];
                case "bytes:" -> bytes(words);
                case "events:" -> events(words);
                case "xprt:" -> transport(words);
                case "per-op" -> operations = true;
                default -> {
                    if (operations && words[0].endsWith(":")) {
                        operation(words);
                    }
                }
            }
        }

        private void options(String text) {
            for (String option : text.split(",", -1)) {
                if (option.startsWith("proto=")) {
                    protocol = option.substring("proto=".length());
                } else if (option.startsWith("mountaddr=")) {
                    address = option.substring("mountaddr=".length());
                } else if (option.startsWith("addr=") && address.isEmpty()) {
                    address = option.substring("addr=".length());
                }
            }
            if (address.isEmpty()) {
                address = export.contains(":") ? export.substring(0, export.indexOf(':')) : export;
            }
        }

        /// Two mounts of one export share what they count: it is told once.
        private void start() {
            repeated = !seen.add(export + ' ' + address + ' ' + protocol);
            table.gauge(PREFIX + "mountpoint_info", "Mounts.")
                    .add(
                            1,
                            "export",
                            export,
                            "mountaddr",
                            address,
                            "mountpoint",
                            mountPoint,
                            "protocol",
                            protocol);
            counter("age_seconds_total", HostDirectory.parse(age).orElse(0));
        }

        private void counter(String name, double value) {
            if (!repeated) {
                table.counter(PREFIX + name, "Counter " + name + " of the mount.")
                        .add(value, "export", export, "mountaddr", address, "protocol", protocol);
            }
        }

        private void bytes(String[] words) {
            start();
            for (int i = 0; i < BYTES.length && i + 1 < words.length; i++) {
                counter(BYTES[i] + "_total", HostDirectory.parse(words[i + 1]).orElse(0));
            }
        }

        private void events(String[] words) {
            for (int i = 0; i < EVENTS.length && i + 1 < words.length; i++) {
                if (!EVENTS[i].isEmpty()) {
                    event(EVENTS[i], words[i + 1]);
                }
            }
        }

        /// Events stand before bytes, by which the mount is known to be another's.
        private void event(String event, String value) {
            if (!seen.contains(export + ' ' + address + ' ' + protocol)) {
                counter("event_" + event + "_total", HostDirectory.parse(value).orElse(0));
            }
        }

        private void transport(String[] words) {
            boolean udp = words[1].startsWith("udp");
            String[] names = udp ? UDP : TCP;
            String number = Integer.toString(transports++);
            if (udp && !repeated) {
                // it has no connection: never connected, never idle
                transport("connect", "0", number);
                transport("idle_time_seconds", "0", number);
            }
            for (int i = 0; i < names.length && i + 2 < words.length && !repeated; i++) {
                if (!names[i].isEmpty()) {
                    transport(names[i], words[i + 2], number);
                }
            }
        }

        private void transport(String what, String value, String number) {
            boolean gauge = TRANSPORT_GAUGES.contains(what);
            String name = PREFIX + "transport_" + what + (gauge ? "" : "_total");
            FamilyTable.Family family =
                    gauge
                            ? table.gauge(name, "State of the transport.")
                            : table.counter(name, "Counter of the transport.");
            family.addText(
                    value,
                    "export",
                    export,
                    "mountaddr",
                    address,
                    "protocol",
                    protocol,
                    "transport",
                    number);
        }

        private void operation(String[] words) {
            String operation = words[0].substring(0, words[0].length() - 1);
            for (int i = 0; i < OPERATIONS.length && i + 1 < words.length && !repeated; i++) {
                double value =
                        OPERATIONS[i].contains("time_seconds")
                                ? Long.remainderUnsigned(Long.parseUnsignedLong(words[i + 1]), WRAP)
                                        / 1e3
                                : HostDirectory.parse(words[i + 1]).orElse(0);
                table.counter(PREFIX + "operations_" + OPERATIONS[i], "Counter of the operation.")
                        .add(
                                value,
                                "export",
                                export,
                                "mountaddr",
                                address,
                                "operation",
                                operation,
                                "protocol",
                                protocol);
            }
        }
    }

    void fill(FamilyTable table) throws IOException {
        Set<String> seen = new HashSet<>();
        Mount mount = null;
        for (String line : procfs.required("self/mountstats").lines().toList()) {
            if (line.startsWith("device ")) {
                Matcher heading = DEVICE.matcher(line);
                mount = heading.matches() ? new Mount(heading, table, seen) : null;
            } else if (mount != null && !line.isBlank()) {
                mount.line(line);
            }
        }
    }
}
