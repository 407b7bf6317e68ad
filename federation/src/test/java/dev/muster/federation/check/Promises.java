package dev.muster.federation.check;

/// The bounds that logs are held against, in milliseconds.
///
/// @param hostDeathMs until every node that lives has decided that a dead host is down
/// @param cellDeathMs the same for query nodes, where so many hosts of a cell are dead that it
///   comes to no verdict of its own, and other cells have to find it
/// @param agentDeathMs the same for a killed agent
/// @param unknownMs how long a target may be unknown around a death that nobody announced
/// @param unknownAnnouncedMs the same around one that was announced
/// @param healMs until all query nodes have the same state after a heal
/// @param slackMs how much clocks, and what a log calls the moment of a fault, may be off
public record Promises(
        long hostDeathMs,
        long cellDeathMs,
        long agentDeathMs,
        long unknownMs,
        long unknownAnnouncedMs,
        long healMs,
        long slackMs) {
    /// What is promised: see `docs/federation.md`.
    public static final Promises MADE = new Promises(5000, 15_000, 5000, 3000, 0, 10_000, 1000);
}
