package dev.muster.agent.services.listener;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The sockets that listen in each network namespace, read again when something may have changed.
/// Confined to one thread.
final class SocketTables {
    /*
     * To list the sockets of a namespace the kernel walks its table of all connections on the host:
     * milliseconds, even where there are none. It counts the sockets of each namespace, though, and
     * tells the count for next to nothing in sockstat and sockstat6. While the counts stay the same
     * the sockets are taken to be the same, and only once in a while read nevertheless: one socket
     * may have been closed and another opened.
     */
    private static final int OWN_REREAD_SCANS = 12;
    private static final int OTHER_REREAD_SCANS = 60;
    private static final int TEXT_LIMIT_BYTES = 4_096;

    /// @param count sockets in use when it was read; empty where that is not known
    /// @param rereadScan when it is read in any case
    /// @param complete could it be read?
    private record Seen(
            String count, long rereadScan, boolean complete, List<ListeningSocket> sockets) {}

    private final Procfs procfs;
    private final SocketTable table = new SocketTable();
    private final Map<String, Seen> version4 = new HashMap<>();
    private final Map<String, Seen> version6 = new HashMap<>();
    private long reads;

    SocketTables(Procfs procfs) {
        this.procfs = procfs;
    }

    /// Tables read since the start.
    long reads() {
        return reads;
    }

    /// Forgets namespaces that are gone.
    void retain(Set<String> networks) {
        version4.keySet().retainAll(networks);
        version6.keySet().retainAll(networks);
    }

    /// The sockets of a namespace; null if they cannot be read.
    ///
    /// @param scan number of the scan
    /// @param again reads them even if nothing seems to have changed
    @Nullable List<ListeningSocket> sockets(Networks.Network network, long scan, boolean again) {
        String count4 = inUse(network.directory() + "sockstat", "TCP: inuse ");
        String count6 = inUse(network.directory() + "sockstat6", "TCP6: inuse ");
        Seen seen4 = look(version4, network, "tcp", count4, again ? Long.MAX_VALUE : scan, scan);
        Seen seen6 = look(version6, network, "tcp6", count6, again ? Long.MAX_VALUE : scan, scan);
        if (!seen4.complete && !seen6.complete) {
            return null;
        }
        List<ListeningSocket> both = new ArrayList<>(seen4.sockets);
        both.addAll(seen6.sockets);
        return both;
    }

    private Seen look(
            Map<String, Seen> known,
            Networks.Network network,
            String file,
            String count,
            long dueScan,
            long scan) {
        @Nullable Seen before = known.get(network.name());
        if (before != null
                && !count.isEmpty()
                && count.equals(before.count)
                && dueScan < before.rereadScan) {
            return before;
        }
        int pause = network.pid() == 0 ? OWN_REREAD_SCANS : OTHER_REREAD_SCANS;
        List<ListeningSocket> sockets = new ArrayList<>();
        boolean complete = read(network.directory() + file, sockets);
        Seen now = new Seen(count, scan + pause, complete, List.copyOf(sockets));
        known.put(network.name(), now);
        return now;
    }

    private boolean read(String file, List<ListeningSocket> into) {
        reads++;
        try (InputStream in = procfs.open(file)) {
            table.read(in, into::add);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String inUse(String file, String prefix) {
        String text = procfs.text(file, TEXT_LIMIT_BYTES);
        int at = text.indexOf(prefix);
        int start = at + prefix.length();
        int end = start;
        while (at >= 0 && end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return at < 0 ? "" : text.substring(start, end);
    }
}
