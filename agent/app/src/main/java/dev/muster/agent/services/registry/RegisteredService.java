package dev.muster.agent.services.registry;

/// A registered service and how it is. Immutable.
///
/// @param registration what it said of itself
/// @param health the worst of its check and its heartbeats; passing if it has neither
/// @param note why, in words
/// @param sinceMs when its health came to be that, Unix time
/// @param registeredMs when it registered, or the agent started; Unix time
public record RegisteredService(
        Registration registration, Health health, String note, long sinceMs, long registeredMs) {
    /// Is it up, as far as check and heartbeats tell?
    public boolean up() {
        return health != Health.CRITICAL;
    }
}
