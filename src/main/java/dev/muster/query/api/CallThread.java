package dev.muster.query.api;

import org.jspecify.annotations.Nullable;

/// The thread on which a call is just now: first one that waits, then one that computes.
/// Thread-safe.
final class CallThread {
    private @Nullable Thread current;
    private boolean interrupted;

    /// The call is on the calling thread from now on.
    synchronized void begin() {
        current = Thread.currentThread();
        if (interrupted) {
            current.interrupt();
        }
    }

    /// The call leaves the calling thread, which others may use then.
    synchronized void end() {
        current = null;
        var _ = Thread.interrupted();
    }

    /// Interrupts the call wherever it is, and will be.
    synchronized void interrupt() {
        interrupted = true;
        if (current != null) {
            current.interrupt();
        }
    }
}
