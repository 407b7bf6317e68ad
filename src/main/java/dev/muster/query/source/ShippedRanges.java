package dev.muster.query.source;

import dev.muster.model.time.TimeRange;
import java.util.List;
import java.util.Map;

/// Knows which of the agents' time is in blocks that this node can read, so that an agent need not
/// be asked, or missed, for it. Thread-safe.
@FunctionalInterface
public interface ShippedRanges {
    /// Whose blocks.
    ///
    /// @param by host of the agent that took the samples in the owner's place; empty where the
    ///   owner did
    record Owner(String cell, String host, String by) {
        Owner(String cell, String host) {
            this(cell, host, "");
        }
    }

    /// The ranges of each agent's blocks that overlap `range`, in any order.
    Map<Owner, List<TimeRange>> in(TimeRange range);

    /// Nothing is in blocks.
    static ShippedRanges none() {
        return range -> Map.of();
    }
}
