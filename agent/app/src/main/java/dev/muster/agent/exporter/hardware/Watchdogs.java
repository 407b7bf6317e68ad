package dev.muster.agent.exporter.hardware;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import java.util.regex.Pattern;

/// Timers that restart a host that hangs: /sys/class/watchdog.
record Watchdogs(HostDirectory watchdogs) {
    private static final Pattern ANY = Pattern.compile(".*");
    private static final String PREFIX = "node_watchdog_";
    private static final String[] FACTS = {
        "identity", "options", "pretimeout_governor", "state", "status"
    };

    private static final NumberFiles FILES =
            NumberFiles.of(PREFIX)
                    .gauge("access_cs0", "access_cs0", "Whether it boots from the second image.")
                    .gauge("bootstatus", "bootstatus", "Why the host started.")
                    .gauge("fw_version", "fw_version", "Version of its firmware.")
                    .gauge("nowayout", "nowayout", "Whether it cannot be stopped.")
                    .gauge("pretimeout", "pretimeout_seconds", "Warning before the restart.")
                    .gauge("timeleft", "timeleft_seconds", "Time until the restart.")
                    .gauge("timeout", "timeout_seconds", "Time after which it restarts.");

    void fill(FamilyTable table) {
        for (HostDirectory watchdog : watchdogs.directories(ANY)) {
            FILES.read(watchdog, table, "name", watchdog.name());
            String[] labels = new String[2 * FACTS.length + 2];
            for (int i = 0; i < FACTS.length; i++) {
                labels[2 * i] = FACTS[i];
                labels[2 * i + 1] = watchdog.textOrEmpty(FACTS[i]);
            }
            labels[2 * FACTS.length] = "name";
            labels[2 * FACTS.length + 1] = watchdog.name();
            table.gauge(PREFIX + "info", "What the watchdog is.").add(1, labels);
        }
    }
}
