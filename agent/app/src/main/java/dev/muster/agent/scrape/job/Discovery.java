package dev.muster.agent.scrape.job;

/// Finds targets for as long as it is open, with threads and timers of its own. Thread-safe.
public interface Discovery extends AutoCloseable {
    /// The kind, as in [DiscoverySettings#kind()].
    String kind();

    /// What is known now. Never blocks.
    DiscoveryState state();

    /// Called every few seconds, for kinds that look at something near and cheap: a change that is
    /// found here is in [#state()] when this returns.
    default void poll() {}

    /// Ends it and what it started; its last state stays readable. May be called more than once.
    @Override
    void close();
}
