package dev.muster.query.receivers;

/// One way to tell one receiver of the configuration file, such as the second of its
/// `webhook_configs`. Thread-safe.
public interface Receiver {
    /// What it is, as Alertmanager's metrics name it: `webhook`, `email`, `slack`, …
    String integration();

    /// Whether it wants to hear of alerts that have ended.
    boolean sendResolved();

    /// Tells it, once, and waits for its answer within a bound of its own. Called on a virtual
    /// thread; what is to be tried again is tried again by the caller.
    ///
    /// @throws InterruptedException if the caller does not want to wait any longer
    Outcome deliver(Notification notification) throws InterruptedException;
}
