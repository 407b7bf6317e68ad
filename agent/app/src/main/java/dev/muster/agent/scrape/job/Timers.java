package dev.muster.agent.scrape.job;

/// Runs tasks later. Tasks must not block. Thread-safe.
@FunctionalInterface
public interface Timers {
    /// Runs `task` once, `delayMs` from now by the monotonic clock.
    ///
    /// @param delayMs at least 1
    /// @return takes the task back, if it has not run
    Runnable after(long delayMs, Runnable task);
}
