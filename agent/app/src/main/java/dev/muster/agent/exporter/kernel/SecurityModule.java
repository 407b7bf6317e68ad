package dev.muster.agent.exporter.kernel;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;

/// Whether SELinux is there and enforces: /sys/fs/selinux and its configuration.
record SecurityModule(HostDirectory sysfs, HostDirectory root) {
    void fill(FamilyTable table) {
        HostDirectory selinux = sysfs.below("fs/selinux");
        boolean enabled = selinux.exists();
        table.gauge("node_selinux_enabled", "Whether SELinux is enabled.").add(enabled ? 1 : 0);
        if (!enabled) {
            return;
        }
        table.gauge("node_selinux_config_mode", "Mode that is configured: -1, 0 or 1.")
                .add(configured());
        selinux.number("enforce")
                .ifPresent(
                        table.gauge(
                                        "node_selinux_current_mode",
                                        "Mode now: permissive (0), enforcing (1).")
                                ::add);
    }

    private int configured() {
        for (String line : root.lines("etc/selinux/config")) {
            if (line.startsWith("SELINUX=")) {
                return switch (line.substring("SELINUX=".length()).strip()) {
                    case "enforcing" -> 1;
                    case "permissive" -> 0;
                    default -> -1;
                };
            }
        }
        return -1;
    }
}
