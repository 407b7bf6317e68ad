package dev.muster.federation.cluster;

/// Decides which hosts are of a share. Thread-safe.
public final class ShareFilter {
    private final long[] seeds;
    private final int[] prefix;

    ShareFilter(Share share) {
        seeds = share.nodes().stream().mapToLong(ShareFilter::hash).toArray();
        prefix = share.prefix().stream().mapToInt(Integer::intValue).toArray();
    }

    /// Is this host of the share?
    public boolean holds(String cell, String host) {
        if (prefix.length == 0) {
            return true;
        }
        long key = mix(hash(cell) * 31 + hash(host));
        long taken = 0;
        for (int wanted : prefix) {
            if (first(key, taken) != wanted) {
                return false;
            }
            taken |= 1L << wanted;
        }
        return true;
    }

    /// The node of the greatest weight that is not taken; of equals, which are as good as
    /// impossible, the first.
    private int first(long key, long taken) {
        int best = -1;
        long bestWeight = 0;
        for (int i = 0; i < seeds.length; i++) {
            if ((taken & 1L << i) == 0) {
                long weight = mix(key ^ seeds[i]);
                if (best < 0 || Long.compareUnsigned(weight, bestWeight) > 0) {
                    best = i;
                    bestWeight = weight;
                }
            }
        }
        return best;
    }

    /// FNV-1a over the UTF-16 units, finished by [#mix]; part of what nodes agree on, so never to
    /// be changed without a new version of the cluster.
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /// The finaliser of SplitMix64.
    private static long mix(long seed) {
        long z = seed + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
