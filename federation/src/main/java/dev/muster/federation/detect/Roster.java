package dev.muster.federation.detect;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;

/// Who is expected in the cell: active agents sorted by host, the index of each being its bit in a
/// reachability row. Immutable.
final class Roster {
    /// Most agents of a cell: a row of reachability fits one `long`.
    static final int LIMIT = 64;

    private final List<String> hosts;
    private final int hash;

    private Roster(List<String> hosts) {
        this.hosts = hosts;
        var crc = new CRC32C();
        for (String host : hosts) {
            crc.update(host.getBytes(StandardCharsets.UTF_8));
            crc.update(0);
        }
        this.hash = (int) crc.getValue();
    }

    static Roster of(Collection<String> hosts) {
        return new Roster(hosts.stream().sorted().distinct().toList());
    }

    /// The bit of a host, or a negative number.
    int slot(String host) {
        return Collections.binarySearch(hosts, host);
    }

    String host(int slot) {
        return hosts.get(slot);
    }

    int size() {
        return hosts.size();
    }

    boolean isFull() {
        return hosts.size() >= LIMIT;
    }

    /// Equal for two agents if, and but for chance only if, their rows speak of the same hosts.
    int hash() {
        return hash;
    }
}
