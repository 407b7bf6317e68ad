package dev.muster.federation.stream;

import java.util.List;

/// Knows hints of the hosts of a cell. Thread-safe.
@FunctionalInterface
public interface HintSource {
    /// Knows none.
    HintSource NONE = List::of;

    /// What is known now: one for each host that is known of.
    List<Hint> hints();
}
