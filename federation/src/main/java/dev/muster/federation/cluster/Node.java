package dev.muster.federation.cluster;

import dev.muster.federation.member.Names;

/// A query node as it speaks of itself.
///
/// @param name unique in the cluster, and the same after a restart
/// @param url where the others reach its HTTP port
/// @param incarnation Unix milliseconds of its start; of two runs the later holds
/// @param state what it may be asked for
public record Node(String name, String url, long incarnation, NodeState state) {
    public Node {
        Names.refuseBadHost(name);
        Names.refuseLongUrl(url);
        if (incarnation < 0) {
            throw new IllegalArgumentException(
                    "node incarnation must not be negative: node="
                            + name
                            + ", incarnation="
                            + incarnation);
        }
    }

    /// The same in another state.
    Node in(NodeState other) {
        return new Node(name, url, incarnation, other);
    }
}
