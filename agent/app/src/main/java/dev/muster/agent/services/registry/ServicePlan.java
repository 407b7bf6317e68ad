package dev.muster.agent.services.registry;

import java.nio.file.Path;

/// How services may register.
///
/// @param file where registrations are kept
/// @param callers who may register
/// @param addresses what they may register
public record ServicePlan(Path file, CallerRule callers, AddressRule addresses) {}
