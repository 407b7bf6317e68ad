package dev.muster.query.alertmanager.dispatch;

import java.time.Instant;

/// Time as the dispatcher sees it, so that tests need not wait for it. Thread-safe.
public interface Timeline {
    /// The time now.
    Instant now();

    /// Runs a short task at a time, or soon if that has passed.
    void at(Instant time, Runnable task);

    /// Runs a task that may take long, soon, beside others.
    void fork(Runnable task);
}
