package dev.muster.federation.detect;

/// A way for frames between the agents of a cell.
public enum Plane {
    /// Datagrams from agent to agent: they come at once or never.
    DIRECT,
    /// The cell's bus: what comes may have waited for seconds.
    BUS
}
