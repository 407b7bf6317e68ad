package dev.muster.agent.services.listener;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Finds which process holds a socket, by the links in `/proc/<pid>/fd`. Confined to one thread.
final class SocketOwners {
    /*
     * There is no way from a socket to its process but to look at the files of every process: some
     * 3 us a link. That is done for sockets never seen before only, first in processes never seen
     * before, and no faster than links are granted: a process that opens and closes ports all the
     * time makes discovery slow, not costly. A process whose files may not be read costs one link.
     */
    private static final int LINKS_AT_ONCE = 40_000;
    private static final int LINKS_PER_SCAN = 1_500;

    /// A file of a process that is a socket.
    ///
    /// @param pid the process
    /// @param file path of the link below procfs
    record Owner(int pid, String file) {}

    private final Procfs procfs;
    private final StringBuilder path = new StringBuilder(32);
    private int links = LINKS_AT_ONCE;
    private int next;
    private long linksRead;
    private boolean unreadable;

    SocketOwners(Procfs procfs) {
        this.procfs = procfs;
    }

    /// Links read since the start.
    long linksRead() {
        return linksRead;
    }

    /// To be called once a scan.
    void grant() {
        links = Math.min(LINKS_AT_ONCE, links + LINKS_PER_SCAN);
    }

    /// Were there processes whose files may not be read, in the last search?
    boolean sawUnreadable() {
        return unreadable;
    }

    /// Does the process still hold the socket?
    boolean holds(Owner owner, long inode) {
        return procfs.link(owner.file()).equals(name(inode));
    }

    /// Looks for the processes of sockets; those of the lowest number win. What is not among the
    /// answers was not found, or not reached with the links granted: then the next search goes on
    /// there.
    ///
    /// @param fresh processes to look at first, ascending
    /// @param all all processes, ascending
    /// @return by inode
    Map<Long, Owner> find(Set<Long> inodes, int[] fresh, int[] all) {
        Map<String, Long> wanted = new HashMap<>();
        for (long inode : inodes) {
            wanted.put(name(inode), inode);
        }
        Map<Long, Owner> found = new HashMap<>();
        for (int i = 0; i < fresh.length && !wanted.isEmpty(); i++) {
            look(fresh[i], wanted, found);
        }
        unreadable = false;
        for (int i = 0; i < all.length && !wanted.isEmpty() && links > 0; i++) {
            look(all[(next + i) % all.length], wanted, found);
            if (links <= 0) {
                next = (next + i + 1) % all.length;
                return found;
            }
        }
        next = 0;
        return found;
    }

    /// Did the last search reach every process?
    boolean complete() {
        return next == 0;
    }

    private void look(int pid, Map<String, Long> wanted, Map<Long, Owner> found) {
        path.setLength(0);
        path.append(pid).append("/fd");
        String[] names = procfs.names(path.toString());
        links -= names.length + 1;
        unreadable |= names.length == 0;
        path.append('/');
        int length = path.length();
        for (String name : names) {
            path.setLength(length);
            String file = path.append(name).toString();
            linksRead++;
            Long inode = wanted.remove(procfs.link(file));
            if (inode != null) {
                found.put(inode, new Owner(pid, file));
                if (wanted.isEmpty()) {
                    return;
                }
            }
        }
    }

    private static String name(long inode) {
        return "socket:[" + inode + "]";
    }
}
