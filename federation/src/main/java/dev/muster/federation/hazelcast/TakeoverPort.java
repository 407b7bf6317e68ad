package dev.muster.federation.hazelcast;

/// Looks after the services of agents that are lost or about to restart, for as long as they are
/// away. Called on one thread of the cell that tells such news, in order for each host; it may take
/// its time, but the next call waits for it.
public interface TakeoverPort {
    /// Begins to probe and scrape the services of that host, by its manifest; a host may be named
    /// again with a later run.
    ///
    /// @param host the agent that is away
    /// @param incarnation its run, as last known
    /// @param httpUrl where it answered
    void takeOver(String host, long incarnation, String httpUrl);

    /// Ends that: the agent is back, gone for good, or in other hands.
    void giveBack(String host);
}
