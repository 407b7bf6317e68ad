package dev.muster.federation.detect;

import dev.muster.federation.member.StateHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;

/// Who is expected in the cell: active agents sorted by host, the index of each being its bit in a
/// reachability row. Immutable.
final class Roster {
    /// Most agents of a cell: a row of reachability fits one `long`.
    static final int LIMIT = 64;

    /// Places for hashes, twice as many as hosts so that a search ends soon.
    private static final int TABLE = 128;

    private final List<String> hosts;
    private final int hash;

    /// Hashes of the hosts, by their low bits; the slot of each in the place beside it.
    private final long[] hashes = new long[TABLE];

    private final byte[] slots = new byte[TABLE];

    private final long[] bySlot;

    private Roster(List<String> hosts) {
        this.hosts = hosts;
        this.bySlot = new long[hosts.size()];
        Arrays.fill(slots, (byte) -1);
        for (int slot = 0; slot < hosts.size(); slot++) {
            long host = StateHash.ofHost(hosts.get(slot));
            bySlot[slot] = host;
            int at = (int) host & (TABLE - 1);
            while (slots[at] >= 0) {
                at = (at + 1) & (TABLE - 1);
            }
            hashes[at] = host;
            slots[at] = (byte) slot;
        }
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

    /// The bit of the host of that hash, or a negative number.
    int slot(long hostHash) {
        int at = (int) hostHash & (TABLE - 1);
        while (slots[at] >= 0) {
            if (hashes[at] == hostHash) {
                return slots[at];
            }
            at = (at + 1) & (TABLE - 1);
        }
        return -1;
    }

    /// The hash of a host, as in beats.
    long hostHash(int slot) {
        return bySlot[slot];
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
