package dev.muster.federation.view;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The fleet as a query node knows it: takes views of several observers per cell and answers the
/// merged state. A cell is merged anew when something in it has changed, not when it is asked for.
///
/// Silence is never taken for down: when no observer of a cell is heard, its hosts are unknown.
/// Thread-safe.
public final class FleetView {
    /// Most cells followed.
    public static final int CELL_LIMIT = 4096;

    private static final Logger LOG = System.getLogger(FleetView.class.getName());

    private final long freshForMs;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final ConcurrentSkipListMap<String, CellFold> cells = new ConcurrentSkipListMap<>();
    private final CopyOnWriteArrayList<CellListener> listeners = new CopyOnWriteArrayList<>();

    /// @param freshFor how long a view speaks after it arrived, more than a second: observers
    ///   repeat theirs each second
    /// @param clock for the times shown
    public FleetView(Duration freshFor, InstantSource clock) {
        this(freshFor, clock, System::nanoTime);
    }

    /// @param nanoTime measures ages; unlike the clock it never steps
    public FleetView(Duration freshFor, InstantSource clock, LongSupplier nanoTime) {
        this.freshForMs = freshFor.toMillis();
        this.clock = clock;
        this.nanoTime = nanoTime;
        if (freshForMs <= 1000) {
            throw new IllegalArgumentException(
                    "freshFor must be more than 1 s: freshFor=" + freshFor);
        }
    }

    /// A view has arrived.
    ///
    /// @return false if it is older than what this observer said before, or one too many, and was
    ///   ignored
    public boolean accept(CellView view) {
        return accept(ObserverView.of(view));
    }

    /// A view has arrived.
    ///
    /// @return false if it is older than what this observer said before, or one too many, and was
    ///   ignored
    public boolean accept(ObserverView view) {
        String name = view.head().cell();
        CellFold cell = cells.get(name);
        if (cell == null) {
            if (cells.size() >= CELL_LIMIT) {
                return false;
            }
            cell = cells.computeIfAbsent(name, _ -> new CellFold(name, freshForMs, this::tell));
        }
        return cell.accept(view, nowMs(), clock.millis());
    }

    /// What is known now.
    public FleetState state() {
        long nowMs = nowMs();
        long nowUnixMs = clock.millis();
        List<CellState> states = new ArrayList<>(cells.size());
        int hosts = 0;
        double covered = 0;
        for (CellFold cell : cells.values()) {
            CellState state = cell.state(nowMs, nowUnixMs);
            states.add(state);
            hosts += state.hosts().size();
            covered += state.coverage() * state.hosts().size();
        }
        return new FleetState(states, hosts == 0 ? 1 : covered / hosts);
    }

    /// Others have said something of a cell; it stands until they say something else.
    public void outside(String cell, Outside said) {
        CellFold fold = cells.get(cell);
        if (fold != null) {
            fold.outside(said, nowMs(), clock.millis());
        }
    }

    /// Looks at the time: tells the listeners where silence has changed the state. To be called
    /// several times a second.
    public void refresh() {
        long nowMs = nowMs();
        long nowUnixMs = clock.millis();
        for (CellFold cell : cells.values()) {
            var _ = cell.refreshed(nowMs, nowUnixMs);
        }
    }

    /// Calls the listener with each change of a cell, under a lock of that cell. Close to end it.
    public AutoCloseable subscribe(CellListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void tell(@Nullable CellState before, CellState after, long atMs) {
        for (CellListener listener : listeners) {
            try {
                listener.changed(before, after, atMs);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "fleet listener failed", e);
            }
        }
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }
}
