package dev.muster.agent.services.listener;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who listens on this host now. Looks closely only at what is new since the scan before. Confined
/// to one thread.
final class ListenerScan {
    /*
     * A socket is known by its inode. Its owner is looked up once and then confirmed at each scan by
     * reading one link; a socket whose owner may not be seen is looked for again after 1, 2, 4, …
     * scans. A port that a process holds through several sockets is one listener.
     */
    private static final int LISTENERS_LIMIT = 4_096;
    private static final int PAUSE_LIMIT_SCANS = 256;

    private static final class Known {
        SocketOwners.@Nullable Owner owner;
        ProcessIdentity process = ProcessIdentity.UNSEEN;
        int pauseScans = 1;
        long dueScan;

        /// Was every process looked at, or the owner found?
        boolean settled;
    }

    private record Held(Networks.Network network, ListeningSocket socket) {}

    private final SocketTables tables;
    private final Networks networks;
    private final SocketOwners owners;
    private final ProcessReader processes;
    private final Map<Long, Known> known = new HashMap<>();
    private long scans;
    private long overLimit;
    private String error = "";

    ListenerScan(Procfs procfs, UserNames users, boolean allNetworks) {
        tables = new SocketTables(procfs);
        networks = new Networks(procfs, allNetworks);
        owners = new SocketOwners(procfs);
        processes = new ProcessReader(procfs, users);
    }

    /// Why the last scan saw nothing of the agent's own network; empty when all is well.
    String error() {
        return error;
    }

    /// Sockets beyond the most that are looked at, since the start.
    long overLimit() {
        return overLimit;
    }

    /// Links of processes read since the start.
    long linksRead() {
        return owners.linksRead();
    }

    /// Tables of sockets read since the start.
    long tablesRead() {
        return tables.reads();
    }

    /// Does each of these processes still hold its socket? One link each.
    boolean allHold(List<Listener> listeners) {
        for (Listener listener : listeners) {
            @Nullable Known one = known.get(listener.socket().inode());
            if (one != null
                    && one.owner != null
                    && !owners.holds(one.owner, listener.socket().inode())) {
                return false;
            }
        }
        return true;
    }

    /// Looks now.
    ///
    /// @param again reads tables of sockets even if nothing seems to have changed
    List<Listener> scan(boolean again) {
        scans++;
        owners.grant();
        List<Held> held = sockets(again);
        Set<Long> live = new HashSet<>();
        Set<Long> searched = new HashSet<>();
        for (Held one : held) {
            long inode = one.socket().inode();
            live.add(inode);
            Known entry = known.computeIfAbsent(inode, _ -> new Known());
            if (entry.owner != null && !owners.holds(entry.owner, inode)) {
                entry.owner = null;
                entry.dueScan = scans;
            }
            if (entry.owner == null && entry.dueScan <= scans) {
                searched.add(inode);
            }
        }
        known.keySet().retainAll(live);
        if (!searched.isEmpty()) {
            search(searched);
        }
        return listeners(held);
    }

    private List<Held> sockets(boolean again) {
        List<Held> held = new ArrayList<>();
        Set<String> names = new HashSet<>();
        error = "";
        for (Networks.Network network : networks.look()) {
            names.add(network.name());
            @Nullable List<ListeningSocket> sockets = tables.sockets(network, scans, again);
            if (sockets == null) {
                if (network.pid() == 0) {
                    error = "procfs must have self/net/tcp that can be read";
                }
                continue;
            }
            for (ListeningSocket socket : sockets) {
                if (held.size() < LISTENERS_LIMIT) {
                    held.add(new Held(network, socket));
                } else {
                    overLimit++;
                }
            }
        }
        tables.retain(names);
        return held;
    }

    private void search(Set<Long> inodes) {
        var found = owners.find(inodes, networks.fresh(), networks.pids());
        Map<Integer, ProcessIdentity> read = new HashMap<>();
        for (long inode : inodes) {
            @Nullable Known entry = known.get(inode);
            SocketOwners.@Nullable Owner owner = found.get(inode);
            if (entry == null) {
                continue;
            }
            entry.owner = owner;
            if (owner != null) {
                entry.process = read.computeIfAbsent(owner.pid(), processes::read);
                entry.pauseScans = 1;
                entry.settled = true;
            } else if (owners.complete()) {
                entry.process = ProcessIdentity.UNSEEN;
                entry.settled = true;
                entry.dueScan = scans + entry.pauseScans;
                entry.pauseScans = Math.min(PAUSE_LIMIT_SCANS, entry.pauseScans * 2);
            }
        }
    }

    /// One for each network, address to dial and port.
    private List<Listener> listeners(List<Held> held) {
        List<Held> best = new ArrayList<>(held);
        best.sort(Comparator.comparingInt(ListenerScan::rank));
        Map<String, Listener> found = new LinkedHashMap<>();
        Set<String> ports = new HashSet<>();
        for (Held one : best) {
            Known entry = known.get(one.socket().inode());
            // a socket on every address stands for the process's others on that port
            int pid = entry == null ? 0 : entry.process.pid();
            if (entry == null
                    || !entry.settled
                    || (pid > 0
                            && !ports.add(
                                    one.network().name()
                                            + " "
                                            + pid
                                            + " "
                                            + one.socket().port()))) {
                continue;
            }
            Listener listener = listener(one, entry.process);
            String place =
                    listener.dials().isEmpty()
                            ? one.socket().address()
                            : listener.dials().getFirst();
            found.putIfAbsent(
                    one.network().name() + " " + place + " " + one.socket().port(), listener);
        }
        return List.copyOf(found.values());
    }

    private static int rank(Held held) {
        int version = held.socket().version6() ? 1 : 0;
        return (held.socket().everyAddress() ? 0 : held.socket().loopback() ? 2 : 4) + version;
    }

    private static Listener listener(Held held, ProcessIdentity process) {
        ListeningSocket socket = held.socket();
        Networks.Network network = held.network();
        List<String> dials = dials(socket, network);
        String why = "";
        if (dials.isEmpty()) {
            why =
                    socket.loopback()
                            ? "it listens on loopback of another network namespace only"
                            : "its network namespace has no address that could be reached";
        }
        return new Listener(process, socket, network.name(), dials, why);
    }

    private static List<String> dials(ListeningSocket socket, Networks.Network network) {
        boolean own = network.pid() == 0;
        if (!socket.everyAddress()) {
            return own || !socket.loopback() ? List.of(socket.address()) : List.of();
        }
        if (own) {
            return socket.version6() ? List.of("127.0.0.1", "::1") : List.of("127.0.0.1");
        }
        // a socket on :: takes connections of both versions unless it was told otherwise
        return network.addresses().stream()
                .filter(address -> socket.version6() || address.indexOf(':') < 0)
                .limit(4)
                .toList();
    }
}
