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
/// @param backdatedMs how long before a fault the state that it leads to may begin
/// @param slackMs how much clocks, and what a log calls the moment of a fault, may be off
public record Promises(
        long hostDeathMs,
        long cellDeathMs,
        long agentDeathMs,
        long unknownMs,
        long unknownAnnouncedMs,
        long healMs,
        long backdatedMs,
        long slackMs) {
    /// Between two beats, with the tenth that they are jittered by.
    private static final long BEAT_MS = 550;

    /// What the soak of the lab plays: 1 % of all packets, and some 500 faults that eleven agents
    /// look at.
    private static final double LOSS = 0.01;

    private static final long LOOKS = 5000;

    /// What is promised: see `docs/federation.md`.
    public static final Promises MADE =
            new Promises(5000, 15_000, 5000, 3000, 0, 10_000, backdatedMs(LOSS, LOOKS), 1000);

    /// A state begins with the last beat heard: that is up to one interval before the fault, and
    /// one more for each beat before it that the network lost. As many in a row as chance brings in
    /// one of a hundred runs at most are none of the fault.
    ///
    /// @param loss share of the beats that is lost
    /// @param looks how often some agent dates a fault of another one
    static long backdatedMs(double loss, long looks) {
        int lost = 0;
        while (looks * Math.pow(loss, lost + 1.0) > 0.01) {
            lost++;
        }
        return BEAT_MS * (lost + 1);
    }
}
