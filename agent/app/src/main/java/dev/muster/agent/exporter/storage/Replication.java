package dev.muster.agent.exporter.storage;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Block devices that DRBD replicates: /proc/drbd.
record Replication(HostDirectory procfs) {
    private static final Pattern DEVICE = Pattern.compile("\\s*(\\d+):.*");
    private static final Pattern FIELD = Pattern.compile("(\\w+):(\\S+)");
    private static final String PREFIX = "node_drbd_";
    private static final double KIB = 1024;

    private record Number(String family, boolean counter, double factor, String help) {}

    private static final Map<String, Number> NUMBERS =
            Map.ofEntries(
                    Map.entry("ns", new Number("network_sent_bytes_total", true, KIB, "Sent.")),
                    Map.entry("nr", new Number("network_received_bytes_total", true, 1, "Got.")),
                    Map.entry("dw", new Number("disk_written_bytes_total", true, KIB, "Written.")),
                    Map.entry("dr", new Number("disk_read_bytes_total", true, KIB, "Read.")),
                    Map.entry(
                            "al", new Number("activitylog_writes_total", true, 1, "Log updates.")),
                    Map.entry("bm", new Number("bitmap_writes_total", true, 1, "Bitmap updates.")),
                    Map.entry("lo", new Number("local_pending", false, 1, "Waiting for the disk.")),
                    Map.entry(
                            "pe", new Number("remote_pending", false, 1, "Waiting for the peer.")),
                    Map.entry(
                            "ua",
                            new Number("remote_unacknowledged", false, 1, "Not yet answered.")),
                    Map.entry("ap", new Number("application_pending", false, 1, "Not yet done.")),
                    Map.entry("ep", new Number("epochs", false, 1, "Epochs under way.")),
                    Map.entry("oos", new Number("out_of_sync_bytes", false, KIB, "Out of step.")));

    void fill(FamilyTable table) throws IOException {
        String device = "";
        for (String line : procfs.required("drbd").lines().toList()) {
            Matcher heading = DEVICE.matcher(line);
            if (heading.matches()) {
                device = "drbd" + heading.group(1);
            }
            Matcher field = FIELD.matcher(line);
            while (!device.isEmpty() && field.find()) {
                field(field.group(1), field.group(2), device, table);
            }
        }
    }

    private static void field(String name, String value, String device, FamilyTable table) {
        Number number = NUMBERS.get(name);
        if (number != null) {
            FamilyTable.Family family =
                    number.counter()
                            ? table.counter(PREFIX + number.family(), number.help())
                            : table.gauge(PREFIX + number.family(), number.help());
            HostDirectory.parse(value)
                    .ifPresent(found -> family.add(found * number.factor(), "device", device));
            return;
        }
        switch (name) {
            case "cs" ->
                    table.gauge(PREFIX + "connected", "Whether the peer is connected.")
                            .add(value.equals("Connected") ? 1 : 0, "device", device);
            case "ro" ->
                    both(
                            table.gauge(PREFIX + "node_role_is_primary", "Whether it is primary."),
                            value,
                            "Primary",
                            device);
            case "ds" ->
                    both(
                            table.gauge(
                                    PREFIX + "disk_state_is_up_to_date",
                                    "Whether the disk is up to date."),
                            value,
                            "UpToDate",
                            device);
            default -> {
                // protocol and flags
            }
        }
    }

    /// `local/remote`.
    private static void both(FamilyTable.Family family, String value, String good, String device) {
        String[] nodes = value.split("/", -1);
        if (nodes.length == 2) {
            family.add(nodes[0].equals(good) ? 1 : 0, "device", device, "node", "local");
            family.add(nodes[1].equals(good) ? 1 : 0, "device", device, "node", "remote");
        }
    }
}
