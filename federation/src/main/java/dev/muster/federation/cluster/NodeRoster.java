package dev.muster.federation.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Who is heard: no clock, thread or socket. Confined to one thread.
final class NodeRoster {
    /*
     * A node is there from its first beat until it is silent for SILENCE_MS, or Hazelcast says that its process is gone. Both
     * may be wrong: whoever is still asked for what it no longer owns answers all the same, and whoever is not asked is
     * only less busy. Hence the quick and simple judgement, without a quorum.
     *
     * Of two runs under one name the later holds.
     */
    static final long SILENCE_MS = 5_000;

    /// Ticks come each second; one that comes this late means that this process slept, not the
    /// others.
    private static final long PAUSE_MS = 2_000;

    private record Heard(Node node, long atMs) {}

    private final Map<String, Heard> peers = new HashMap<>();
    private final String self;
    private final long incarnation;
    private long tickedMs;
    private long conflicts;
    private long overLimit;

    NodeRoster(String self, long incarnation, long nowMs) {
        this.self = self;
        this.incarnation = incarnation;
        this.tickedMs = nowMs;
    }

    /// @return whether what is known has changed
    boolean heard(Node node, long nowMs) {
        if (node.name().equals(self)) {
            if (node.incarnation() != incarnation) {
                conflicts++;
            }
            return false;
        }
        Heard before = peers.get(node.name());
        if (before == null && peers.size() >= Share.NODE_LIMIT - 1) {
            overLimit++;
            return false;
        }
        if (before != null && before.node.incarnation() > node.incarnation()) {
            return false;
        }
        peers.put(node.name(), new Heard(node, nowMs));
        return before == null || !before.node.equals(node);
    }

    /// @return whether what is known has changed
    boolean lost(String name) {
        return peers.remove(name) != null;
    }

    /// @return whether what is known has changed
    boolean tick(long nowMs) {
        long sleptMs = nowMs - tickedMs;
        tickedMs = nowMs;
        if (sleptMs > PAUSE_MS) {
            peers.replaceAll((_, heard) -> new Heard(heard.node, heard.atMs + sleptMs));
        }
        return peers.values().removeIf(heard -> nowMs - heard.atMs > SILENCE_MS);
    }

    /// All that are heard, without this node.
    List<Node> peers() {
        List<Node> nodes = new ArrayList<>();
        peers.values().forEach(heard -> nodes.add(heard.node));
        nodes.sort(Comparator.comparing(Node::name));
        return nodes;
    }

    long conflicts() {
        return conflicts;
    }

    long overLimit() {
        return overLimit;
    }
}
