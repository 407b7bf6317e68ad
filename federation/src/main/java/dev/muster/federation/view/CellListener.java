package dev.muster.federation.view;

import org.jspecify.annotations.Nullable;

/// Is told of each change of a cell, in order, on the thread that brought it; it must not block.
@FunctionalInterface
public interface CellListener {
    /// What is said of a cell has changed: of its hosts, of who observes it, or of how much of it
    /// is covered.
    ///
    /// @param before null for a cell that is heard of for the first time
    /// @param atMs Unix time of this node
    void changed(@Nullable CellState before, CellState after, long atMs);
}
