package dev.muster.agent.exporter;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Names of the collectors: those that run if nobody says otherwise, which are node_exporter's, and
/// those that somebody must ask for.
public final class CollectorNames {
    private static final Set<String> DEFAULTS =
            Set.of(
                    "arp",
                    "bcache",
                    "bcachefs",
                    "bonding",
                    "btrfs",
                    "cgroup_use",
                    "conntrack",
                    "cpu",
                    "cpufreq",
                    "diskstats",
                    "dmi",
                    "edac",
                    "entropy",
                    "fibrechannel",
                    "filefd",
                    "filesystem",
                    "hwmon",
                    "infiniband",
                    "ipvs",
                    "loadavg",
                    "mdadm",
                    "meminfo",
                    "netclass",
                    "netdev",
                    "netstat",
                    "nfs",
                    "nfsd",
                    "nvme",
                    "os",
                    "powersupplyclass",
                    "pressure",
                    "rapl",
                    "schedstat",
                    "selinux",
                    "sockstat",
                    "softnet",
                    "stat",
                    "tapestats",
                    "textfile",
                    "thermal_zone",
                    "time",
                    "timex",
                    "udp_queues",
                    "uname",
                    "vmstat",
                    "watchdog",
                    "xfs",
                    "zfs");

    private static final Set<String> ON_REQUEST =
            Set.of(
                    "buddyinfo",
                    "cgroups",
                    "cpu_vulnerabilities",
                    "dmmultipath",
                    "drbd",
                    "drm",
                    "interrupts",
                    "kernel_hung",
                    "ksmd",
                    "lnstat",
                    "meminfo_numa",
                    "mountstats",
                    "network_route",
                    "pcidevice",
                    "processes",
                    "qdisc",
                    "slabinfo",
                    "softirqs",
                    "swap",
                    "sysctl",
                    "tcpstat",
                    "xfrm",
                    "zoneinfo");

    private CollectorNames() {}

    /// Those that run if nobody says otherwise.
    public static Set<String> defaults() {
        return DEFAULTS;
    }

    /// All there are, in order.
    public static Set<String> all() {
        Set<String> all = new TreeSet<>(DEFAULTS);
        all.addAll(ON_REQUEST);
        return all;
    }

    /// The collectors that a list stands for: names; `all`; `none`; or, beside the defaults,
    /// `+name` for one more and `-name` for one less. An empty list stands for the defaults.
    ///
    /// @throws IllegalArgumentException for a name that no collector has
    public static Set<String> chosen(List<String> words) {
        List<String> plain = new ArrayList<>(words);
        plain.removeIf(word -> word.startsWith("+") || word.startsWith("-"));
        Set<String> chosen = new HashSet<>(plain.isEmpty() ? DEFAULTS : Set.of());
        for (String word : words) {
            if (word.equals("all")) {
                chosen.addAll(all());
            } else if (word.startsWith("-")) {
                chosen.remove(known(word.substring(1)));
            } else if (!word.equals("none")) {
                chosen.add(known(word.startsWith("+") ? word.substring(1) : word));
            }
        }
        return chosen;
    }

    private static String known(String name) {
        if (!all().contains(name)) {
            throw new IllegalArgumentException(
                    "collector must be one of " + all() + ": found=" + name);
        }
        return name;
    }
}
