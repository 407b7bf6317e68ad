package dev.muster.agent.services.listener;

import dev.muster.model.labels.Labels;
import java.util.List;

/// A process that listens on a port.
///
/// @param process who it is
/// @param socket where it listens
/// @param network name of its network namespace; empty for the agent's own
/// @param dials addresses at which this agent may reach it, best first
/// @param unreachable why there is none; empty where there is one
record Listener(
        ProcessIdentity process,
        ListeningSocket socket,
        String network,
        List<String> dials,
        String unreachable) {
    private static final String META = "__meta_listener_";

    Listener {
        dials = List.copyOf(dials);
        if (dials.isEmpty() == unreachable.isEmpty()) {
            throw new IllegalArgumentException(
                    "listener must be reachable or say why not: dials="
                            + dials
                            + ", unreachable="
                            + unreachable);
        }
    }

    int port() {
        return socket.port();
    }

    /// What discovery says of it, apart from its address.
    Labels.Builder labels() {
        Cgroup cgroup = process.cgroup();
        Labels.Builder labels =
                Labels.builder()
                        .set(META + "address", socket.address())
                        .set(META + "port", Integer.toString(socket.port()));
        if (process.seen()) {
            labels.set(META + "pid", Integer.toString(process.pid()));
        }
        set(labels, "comm", process.comm());
        set(labels, "exe", process.exe());
        set(labels, "cmdline", process.command());
        set(labels, "user", process.user());
        set(labels, "systemd_unit", cgroup.unit());
        set(labels, "container_id", cgroup.containerId());
        set(labels, "pod_uid", cgroup.podUid());
        set(labels, "cgroup", cgroup.path());
        set(labels, "network", network);
        return labels;
    }

    private static void set(Labels.Builder labels, String name, String value) {
        if (!value.isEmpty()) {
            labels.set(META + name, value);
        }
    }

    /// A host and a port as an address is written.
    static String hostPort(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
