package dev.muster.agent.push;

/// Why a push is refused.
public enum PushFault {
    /// The path is no grouping key.
    PATH,
    /// The lifetime is no duration.
    TTL,
    /// The body breaks the rules of its format.
    SYNTAX,
    /// Samples carry timestamps, which pushed ones must not.
    TIMESTAMP,
    /// The metrics contradict each other, or what other groups have.
    INCONSISTENT,
    /// There is no room for it.
    LIMIT,
    /// It could not be written to disk.
    DISK
}
