package dev.muster.query.fleet;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Highest-random-weight hashing: each query node ranks the agents of a cell in an order of its
/// own, so that many nodes spread over the agents and a lost agent moves only its own followers.
final class Rendezvous {
    private Rendezvous() {}

    /// The weight of an agent for a query node; compare as unsigned.
    static long weight(String node, String cell, String host) {
        CRC32C crc = new CRC32C();
        crc.update((node + '\0' + cell + '\0' + host).getBytes(StandardCharsets.UTF_8));
        return mix(crc.getValue());
    }

    /// The finaliser of SplitMix64: CRC alone is linear, so that equal differences between names
    /// would rank the same way for every node.
    private static long mix(long seed) {
        long z = seed + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
