package dev.muster.query.api;

/// What is allowed beside reading. Both are off in Prometheus, too, until somebody asks for them.
///
/// @param admin whether series may be deleted
/// @param lifecycle whether the node may be ended by a call
public record Switches(boolean admin, boolean lifecycle) {}
