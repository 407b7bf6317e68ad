package dev.muster.query.alertmanager.dispatch;

/// Wants to hear how deliveries went. Must not block for long. Thread-safe.
@FunctionalInterface
public interface Deliveries {
    /// Nobody.
    Deliveries NONE = _ -> {};

    /// A notification was delivered or given up.
    void ended(Delivery delivery);
}
