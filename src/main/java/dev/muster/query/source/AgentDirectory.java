package dev.muster.query.source;

import java.util.List;

/// Knows the agents. Thread-safe.
@FunctionalInterface
public interface AgentDirectory {
    /// The agents of all cells as they are known now.
    List<AgentPlace> agents();
}
