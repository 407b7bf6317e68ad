package dev.muster.federation.cluster;

/// Counters of a node's part in the cluster.
///
/// @param joined whether there is a Hazelcast member now
/// @param hazelcastMembers members that Hazelcast knows
/// @param recreations how often the member was made anew
/// @param refused frames that could not be read, and connections without the secret
/// @param conflicts beats of another run under this node's own name
/// @param changes how often the set of nodes, or the state of one, has changed
/// @param overLimit beats of nodes beyond the limit
public record ClusterStats(
        boolean joined,
        int hazelcastMembers,
        long recreations,
        long refused,
        long conflicts,
        long changes,
        long overLimit) {}
