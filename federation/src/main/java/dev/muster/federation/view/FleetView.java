package dev.muster.federation.view;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The fleet as a query node knows it: takes views of several observers per cell and answers the
/// merged state.
///
/// Silence is never taken for down: when no observer of a cell is heard, its members are unknown.
/// Thread-safe. Here one node follows the few cells it is told of; the directory of cells and the
/// choice of observers come on top and feed the same [#accept].
public final class FleetView {
    /// Most cells followed.
    public static final int CELL_LIMIT = 4096;

    private static final Logger LOG = System.getLogger(FleetView.class.getName());

    private final long freshForMs;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    private final ReentrantLock lock = new ReentrantLock();
    private final SortedMap<String, CellFold> cells = new TreeMap<>();

    private final CopyOnWriteArrayList<Consumer<FleetState>> listeners =
            new CopyOnWriteArrayList<>();
    private final ReentrantLock telling = new ReentrantLock();
    private List<Object> told = List.of();

    /// @param freshFor how long a view speaks after it arrived, more than a second: observers
    ///   repeat theirs each second
    /// @param clock for the times shown
    public FleetView(Duration freshFor, InstantSource clock) {
        this(freshFor, clock, System::nanoTime);
    }

    /// @param nanoTime measures ages; unlike the clock it never steps
    FleetView(Duration freshFor, InstantSource clock, LongSupplier nanoTime) {
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
        boolean taken = take(view);
        if (taken) {
            refresh();
        }
        return taken;
    }

    /// What is known now.
    public FleetState state() {
        lock.lock();
        try {
            long nowMs = nowMs();
            List<CellState> states = new ArrayList<>(cells.size());
            int members = 0;
            double covered = 0;
            for (CellFold cell : cells.values()) {
                CellState state = cell.fold(nowMs);
                states.add(state);
                members += state.members().size();
                covered += state.coverage() * state.members().size();
            }
            return new FleetState(states, members == 0 ? 1 : covered / members);
        } finally {
            lock.unlock();
        }
    }

    /// Looks at the time: tells the listeners where silence has changed the state. To be called
    /// about once a second.
    public void refresh() {
        if (listeners.isEmpty()) {
            return;
        }
        telling.lock();
        try {
            FleetState state = state();
            List<Object> news = materialOf(state);
            if (!news.equals(told)) {
                told = news;
                listeners.forEach(listener -> tell(listener, state));
            }
        } finally {
            telling.unlock();
        }
    }

    /// Calls the listener with each new state, on the thread of `accept` or `refresh`. Close to end
    /// it.
    public AutoCloseable subscribe(Consumer<FleetState> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private boolean take(CellView view) {
        lock.lock();
        try {
            CellFold cell = cells.get(view.cell());
            if (cell == null) {
                if (cells.size() >= CELL_LIMIT) {
                    return false;
                }
                cell = new CellFold(view.cell(), freshForMs);
                cells.put(view.cell(), cell);
            }
            return cell.accept(view, nowMs(), clock.millis());
        } finally {
            lock.unlock();
        }
    }

    private static void tell(Consumer<FleetState> listener, FleetState state) {
        try {
            listener.accept(state);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "fleet listener failed", e);
        }
    }

    /// What makes a listener look up: not the beat numbers and ages, which change all the time.
    private static List<Object> materialOf(FleetState state) {
        List<Object> material = new ArrayList<>();
        for (CellState cell : state.cells()) {
            material.add(List.of(cell.cell(), cell.observers(), cell.coverage(), cell.degraded()));
            cell.members()
                    .forEach(m ->
                            material.add(
                                    List.of(
                                            m.host(),
                                            m.httpUrl(),
                                            m.incarnation(),
                                            m.upness(),
                                            m.services())));
        }
        return material;
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }
}
