package dev.muster.federation.view;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/// The fleet as a query node knows it: takes views of several observers per cell and answers the
/// merged state.
///
/// Silence is never taken for down: when no observer of a cell is heard, its members are unknown.
/// Thread-safe.
public final class FleetView {
    /// @param freshFor how long a view speaks after it arrived
    /// @param clock for the times shown
    public FleetView(Duration freshFor, InstantSource clock) {}

    /// A view has arrived.
    ///
    /// @return false if it is older than what this observer said before, and was ignored
    public boolean accept(CellView view) {
        throw new UnsupportedOperationException(view.cell());
    }

    /// What is known now.
    public FleetState state() {
        throw new UnsupportedOperationException();
    }

    /// Looks at the time: tells the listeners where silence has changed the state. To be called
    /// about once a second.
    public void refresh() {
        throw new UnsupportedOperationException();
    }

    /// Calls the listener with each new state, on the thread of `accept` or `refresh`. Close to end
    /// it.
    public AutoCloseable subscribe(Consumer<FleetState> listener) {
        throw new UnsupportedOperationException(listener.toString());
    }
}
