package dev.muster.blocks.schema;

/// How far a block has been merged with others.
public enum BlockLevel {
    /// One host, one window: as its agent shipped it.
    L0,
    /// Hosts of one cell, two hours.
    L1,
    /// Hosts of one cell, one day of UTC.
    L2
}
