package dev.muster.agent.fleet;

import dev.muster.federation.hazelcast.Cell;
import dev.muster.federation.hazelcast.CellConfig;
import dev.muster.federation.hazelcast.CellStats;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.view.CellView;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The place of this agent in a cell, which may come to be another cell while the agent runs. What
/// works with the cell asks for it each time, or is told by [#onJoin]. Thread-safe.
public final class CellSeat implements AutoCloseable {
    private static final Logger LOG = System.getLogger(CellSeat.class.getName());

    private static final long ARRIVAL_STEP_MS = 200;

    private final Function<CellConfig, Cell> join;
    private final List<Consumer<Cell>> hooks = new ArrayList<>();
    private volatile CellConfig config;
    private volatile @Nullable Cell leaving;
    private volatile List<ServiceState> reported = List.of();
    private volatile Cell cell;

    /// Joins the first cell.
    ///
    /// @param join makes this agent part of a cell
    public CellSeat(CellConfig config, Function<CellConfig, Cell> join) {
        this.join = join;
        this.config = config;
        this.cell = join.apply(config);
    }

    /// The cell this agent is of now.
    public Cell cell() {
        return cell;
    }

    /// How it takes part in it.
    public CellConfig config() {
        return config;
    }

    /// Calls the hook with the cell of now, and with each one that the agent joins later, before it
    /// leaves the one before.
    public synchronized void onJoin(Consumer<Cell> hook) {
        hooks.add(hook);
        hook.accept(cell);
    }

    /// Becomes part of another cell, then leaves the one of now: at every moment the agent is of at
    /// least one, both hear of its services meanwhile, and those it leaves see it as left. Takes as
    /// long as it takes to arrive; not to be called by two threads at one time.
    ///
    /// @param to must differ in port and directory from the one of now
    /// @param arrived whether this view is that of a cell it has arrived in
    /// @param patience after which it counts as arrived anyway
    public void move(CellConfig to, Predicate<CellView> arrived, Duration patience) {
        Cell old = cell;
        Cell fresh = join.apply(to);
        synchronized (this) {
            leaving = old;
            fresh.report(reported);
            for (Consumer<Cell> hook : hooks) {
                follow(hook, fresh);
            }
            cell = fresh;
            config = to;
        }
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (!arrived.test(fresh.view()) && System.nanoTime() - end < 0) {
                Thread.sleep(ARRIVAL_STEP_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            leaving = null;
        }
        old.leave();
    }

    private static void follow(Consumer<Cell> hook, Cell fresh) {
        try {
            hook.accept(fresh);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a part did not follow into the new cell", e);
        }
    }

    /// As [Cell#report].
    public void report(List<ServiceState> services) {
        Cell old = leaving;
        reported = services;
        cell.report(services);
        if (old != null) {
            old.report(services);
        }
    }

    /// As [Cell#view].
    public CellView view() {
        return cell.view();
    }

    /// As [Cell#stats].
    public CellStats stats() {
        return cell.stats();
    }

    /// Leaves on purpose, see [Cell#leave].
    public synchronized void leave() {
        cell.leave();
    }

    /// Goes away for a short time, see [Cell#restart].
    public synchronized void restart(Duration back, Duration handOver) {
        cell.restart(back, handOver);
    }

    /// Ends without a word, see [Cell#close].
    @Override
    public synchronized void close() {
        cell.close();
    }
}
