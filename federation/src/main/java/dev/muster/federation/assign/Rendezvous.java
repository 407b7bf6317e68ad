package dev.muster.federation.assign;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;

/// Highest-random-weight hashing: each key ranks all candidates in an order of its own. A candidate
/// that comes takes only the keys that rank it first, one that goes leaves its keys to their next.
public final class Rendezvous {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Rendezvous() {}

    /// The weight of a candidate for a key; compare as unsigned. The same on every machine and in
    /// every version: hosts find their cells by it.
    public static long weight(String key, String candidate) {
        return weight(hash(key), candidate);
    }

    static long weight(long keyHash, String candidate) {
        return mix(keyHash ^ mix(hash(candidate)));
    }

    /// The candidates in the order of a key, its first choice first.
    public static List<String> rank(String key, Collection<String> candidates) {
        List<String> ranked = new ArrayList<>(candidates.size());
        order(key, candidates).forEachRemaining(ranked::add);
        return List.copyOf(ranked);
    }

    /// The candidates in the order of a key, each found when it is asked for: who needs the first
    /// few does not pay for sorting all.
    public static Iterator<String> order(String key, Collection<String> candidates) {
        long keyHash = hash(key);
        Queue<Weighed> rest =
                new PriorityQueue<>(
                        candidates.stream().map(c -> new Weighed(c, weight(keyHash, c))).toList());
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !rest.isEmpty();
            }

            @Override
            public String next() {
                return rest.remove().candidate();
            }
        };
    }

    /// In the order of a key: the heaviest first.
    private record Weighed(String candidate, long weight) implements Comparable<Weighed> {
        @Override
        public int compareTo(Weighed other) {
            int order = Long.compareUnsigned(other.weight, weight);
            return order != 0 ? order : candidate.compareTo(other.candidate);
        }
    }

    /// FNV-1a over the characters, then mixed.
    static long hash(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
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
