package dev.muster.federation.hazelcast;

/// Counters of a cell member since its start, and what it sees now.
///
/// @param joined whether the Hazelcast member runs now
/// @param hazelcastMembers members in its Hazelcast cluster, itself among them; 0 while it does not
///   run
/// @param members agents of the cell that have not left
/// @param membersUp those that are up
/// @param membersSuspect those not heard, without a verdict
/// @param membersDown those that are down
/// @param recreations times the Hazelcast member was made anew after it had ended or could not
///   start
/// @param beatsSent beats published
/// @param beatsHeard beats of others heard
/// @param beatsLost beats of others that never came, by their numbers
/// @param framesRefused frames that were damaged, of another cell or of an unknown version
/// @param framesDropped frames dropped because a queue was full
/// @param reportsSent reports of own services published
/// @param reportsHeard reports of others taken over
/// @param asks times a missed report was asked for
/// @param probes agents probed over HTTP because they were silent
/// @param pauses times this process itself had stood still
/// @param conflicts beats heard of another process that calls itself by this host's name
/// @param agentsOverLimit agents refused because the cell is full
/// @param servicesOverLimit own services not told because there are too many
public record CellStats(
        boolean joined,
        int hazelcastMembers,
        int members,
        int membersUp,
        int membersSuspect,
        int membersDown,
        long recreations,
        long beatsSent,
        long beatsHeard,
        long beatsLost,
        long framesRefused,
        long framesDropped,
        long reportsSent,
        long reportsHeard,
        long asks,
        long probes,
        long pauses,
        long conflicts,
        long agentsOverLimit,
        long servicesOverLimit) {}
