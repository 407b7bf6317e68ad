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

    /// @param counts sockets in use when they were read; empty where that is not known
    /// @param rereadScan when they are read in any case
    /// @param complete could the table be read?
    private record Seen(
            String counts, long rereadScan, boolean complete, List<ListeningSocket> sockets) {}

    private final Procfs procfs;
    private final SocketTable table = new SocketTable();
    private final Map<String, Seen> seen = new HashMap<>();
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
        seen.keySet().retainAll(networks);
    }

    /// The sockets of a namespace; null if they cannot be read.
    ///
    /// @param scan number of the scan
    /// @param again reads them even if nothing seems to have changed
    @Nullable List<ListeningSocket> sockets(Networks.Network network, long scan, boolean again) {
        String counts = counts(network.directory());
        @Nullable Seen before = seen.get(network.name());
        if (before == null
                || again
                || counts.isEmpty()
                || !counts.equals(before.counts)
                || scan >= before.rereadScan) {
            before = read(network, counts, scan);
            seen.put(network.name(), before);
        }
        return before.complete ? before.sockets : null;
    }

    private Seen read(Networks.Network network, String counts, long scan) {
        List<ListeningSocket> sockets = new ArrayList<>();
        boolean read = read(network.directory() + "tcp", sockets);
        read |= read(network.directory() + "tcp6", sockets);
        int pause = network.pid() == 0 ? OWN_REREAD_SCANS : OTHER_REREAD_SCANS;
        return new Seen(counts, scan + pause, read, List.copyOf(sockets));
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

    private String counts(String directory) {
        String version4 =
                inUse(procfs.text(directory + "sockstat", TEXT_LIMIT_BYTES), "TCP: inuse ");
        String version6 =
                inUse(procfs.text(directory + "sockstat6", TEXT_LIMIT_BYTES), "TCP6: inuse ");
        return version4.isEmpty() ? "" : version4 + " " + version6;
    }

    private static String inUse(String text, String prefix) {
        int at = text.indexOf(prefix);
        int start = at + prefix.length();
        int end = start;
        while (at >= 0 && end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return at < 0 ? "" : text.substring(start, end);
    }
}
