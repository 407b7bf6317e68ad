package dev.muster.agent.services.registry;

/// What the routes of self-registration need.
///
/// @param registry where services register
/// @param callers who may
/// @param reader reads what they send
public record ServicePort(
        ServiceRegistry registry, CallerRule callers, RegistrationReader reader) {}
