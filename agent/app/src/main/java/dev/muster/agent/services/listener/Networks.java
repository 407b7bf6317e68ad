package dev.muster.agent.services.listener;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The network namespaces of the host's processes. Confined to one thread.
final class Networks {
    /*
     * A namespace is told by the link /proc/<pid>/ns/net and shown in /proc/<pid>/net of any process
     * in it. A link is read once for each process; a number that was given to another process
     * between two scans is noticed when all are read again.
     */
    private static final int SCANS_BEFORE_REREAD = 24;
    private static final int NAMESPACES_LIMIT = 512;
    private static final int ROUTES_LIMIT_BYTES = 256 << 10;

    /// One namespace.
    ///
    /// @param name of the link; empty for the agent's own
    /// @param pid a process in it; 0 for the agent's own
    /// @param addresses its addresses but loopback, when it is not the agent's own
    record Network(String name, int pid, List<String> addresses) {
        /// Path of its files below procfs.
        String directory() {
            return pid == 0 ? "self/net/" : pid + "/net/";
        }
    }

    private final Procfs procfs;
    private final boolean all;
    private final Map<Integer, String> nameOf = new HashMap<>();
    private Map<String, Network> networks = Map.of();
    private int[] pids = new int[0];
    private int[] fresh = new int[0];
    private int scans;
    private long refused;

    /// @param all namespaces of containers, too
    Networks(Procfs procfs, boolean all) {
        this.procfs = procfs;
        this.all = all;
    }

    /// Processes now, ascending.
    int[] pids() {
        return pids;
    }

    /// Processes that were not there at the look before, ascending.
    int[] fresh() {
        return fresh;
    }

    /// Namespaces over the limit, since the start.
    long refused() {
        return refused;
    }

    /// Looks again.
    List<Network> look() {
        int[] before = pids;
        pids = procfs.pids();
        fresh = Arrays.stream(pids).filter(pid -> Arrays.binarySearch(before, pid) < 0).toArray();
        if (!all) {
            return List.of(new Network("", 0, List.of()));
        }
        boolean again = scans++ % SCANS_BEFORE_REREAD == 0;
        if (again) {
            nameOf.clear();
        } else {
            nameOf.keySet().removeIf(pid -> Arrays.binarySearch(pids, pid) < 0);
        }
        for (int pid : again ? pids : fresh) {
            nameOf.put(pid, procfs.link(pid + "/ns/net"));
        }
        networks = networks(again);
        return new ArrayList<>(networks.values());
    }

    private Map<String, Network> networks(boolean again) {
        String own = procfs.link("self/ns/net");
        Map<String, Integer> first = new TreeMap<>();
        nameOf.forEach((pid, name) -> first.merge(name, pid, Math::min));
        Map<String, Network> found = new LinkedHashMap<>();
        found.put("", new Network("", 0, List.of()));
        first.forEach((name, pid) -> {
            if (name.isEmpty() || name.equals(own)) {
                return;
            }
            if (found.size() >= NAMESPACES_LIMIT) {
                refused++;
                return;
            }
            @Nullable Network before = networks.get(name);
            if (before != null && before.pid() == pid && !again && !before.addresses().isEmpty()) {
                found.put(name, before);
            } else {
                found.put(name, new Network(name, pid, addresses(pid)));
            }
        });
        return found;
    }

    private List<String> addresses(int pid) {
        List<String> addresses = version4(procfs.text(pid + "/net/fib_trie", ROUTES_LIMIT_BYTES));
        addresses.addAll(version6(procfs.text(pid + "/net/if_inet6", ROUTES_LIMIT_BYTES)));
        return addresses;
    }

    /// The host's addresses in a `fib_trie` file: leaves of 32 bits that are local.
    static List<String> version4(String trie) {
        List<String> addresses = new ArrayList<>();
        String leaf = "";
        for (String line : trie.split("\n", -1)) {
            String text = line.strip();
            if (text.startsWith("|-- ")) {
                leaf = text.substring(4);
            } else if (text.equals("/32 host LOCAL")
                    && !leaf.startsWith("127.")
                    && leaf.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")
                    && !addresses.contains(leaf)) {
                addresses.add(leaf);
            }
        }
        return addresses;
    }

    /// Addresses of global scope in an `if_inet6` file.
    static List<String> version6(String table) {
        List<String> addresses = new ArrayList<>();
        for (String line : table.split("\n", -1)) {
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length >= 4 && fields[3].equals("00") && fields[0].matches("[0-9a-f]{32}")) {
                StringBuilder address = new StringBuilder();
                for (int i = 0; i < 32; i += 4) {
                    address.append(i == 0 ? "" : ":")
                            .append(
                                    Integer.toHexString(
                                            Integer.parseInt(fields[0].substring(i, i + 4), 16)));
                }
                addresses.add(address.toString());
            }
        }
        return addresses;
    }
}
