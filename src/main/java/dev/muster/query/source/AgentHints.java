package dev.muster.query.source;

import java.util.Optional;

/// Knows of agents what metric names they hold. Thread-safe.
@FunctionalInterface
public interface AgentHints {
    /// Knows of none.
    AgentHints NONE = _ -> Optional.empty();

    /// The filter, see [dev.muster.model.hint.NameFilter], of all names that this agent holds;
    /// empty unless it is known that none is missing.
    Optional<byte[]> filter(AgentPlace agent);
}
