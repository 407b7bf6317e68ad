package dev.muster.federation.follow;

import java.util.List;
import java.util.Map;

/// Knows of each cell some agents that can be asked, before any of them has told. Thread-safe, and
/// cheap: it is asked several times a second.
@FunctionalInterface
public interface CellAddresses {
    /// Knows of none.
    CellAddresses NONE = Map::of;

    /// URLs of agents by name of the cell, such as `http://10.0.0.7:9640`.
    Map<String, List<String>> addresses();
}
