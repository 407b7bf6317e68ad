package dev.muster.query.alertmanager;

import dev.muster.query.alertmanager.state.StateRecord;
import java.util.List;

/// Where what the alert manager learns goes: to disk, to other nodes. Thread-safe.
@FunctionalInterface
public interface StateOutlet {
    /// Nowhere.
    StateOutlet NONE = (_, _) -> {};

    /// Takes records, in order, and returns when they are safe as far as this outlet promises.
    ///
    /// @param replica whether they came from another node
    void learned(List<StateRecord> records, boolean replica);

    /// Waits, for a moment at most, until other nodes have taken what was learned so far.
    default void settle() {}
}
