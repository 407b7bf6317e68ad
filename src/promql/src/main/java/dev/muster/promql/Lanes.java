package dev.muster.promql;

import dev.muster.model.series.BudgetExceededException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Fills the lanes of one [Gather] with the series of one scan, on the thread of the query and on
/// helpers, and merges or delivers them. The first failure stops all; nothing runs any longer when
/// [#run] returns.
///
/// @param <L> what a lane holds
final class Lanes<L> {
    /*
     * Lanes that are merged form a binary tree over their numbers: a full lane looks for its sibling, merges with it and goes up,
     * or, if the sibling is not full yet, waits in `full`. Whichever thread fills the second of two does the merge.
     * Lanes that are delivered wait in `full` for those before them; whichever thread finds the next one there delivers it.
     * A thread takes a new lane only if it is less than WINDOW ahead of what was delivered. Lanes are taken in order, so the
     * thread that has the next one to deliver never waits.
     */

    /// Fewest series in a lane.
    private static final int LEAST_SERIES = 64;

    /// Most lanes that are merged.
    private static final int MERGED_LANES = 64;

    /// Most series in a lane that is delivered.
    private static final int DELIVERED_SERIES = 128;

    /// How many lanes for each thread may wait for their delivery.
    private static final int WINDOW = 4;

    /// Values that are worth the call of another thread.
    private static final long VALUES_FOR_HELP = 50_000;

    private final Gather<L> gather;
    private final Source source;
    private final int series;
    private final int laneSeries;
    private final int lanes;
    private final int threads;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Map<Long, L> full = new HashMap<>();
    private @Nullable L root;
    private int delivered;
    private boolean delivering;

    /// Where series come from.
    interface Source {
        /// A reader for one thread.
        Worker worker();
    }

    /// Reads series on one thread.
    interface Worker {
        /// Pushes series `from` to `to` (exclusive) into a sink.
        ///
        /// @param stopped whether to stop at the next series
        void push(int from, int to, SeriesSink sink, Stopped stopped)
                throws QueryException, IOException;
    }

    /// Has another thread failed?
    @FunctionalInterface
    interface Stopped {
        boolean now();
    }

    /// @param series how many there are
    /// @param valuesEach about how many values each has
    /// @param parallelism most threads
    Lanes(Gather<L> gather, Source source, int series, long valuesEach, int parallelism) {
        this.gather = gather;
        this.source = source;
        this.series = series;
        laneSeries =
                gather.delivers()
                        ? DELIVERED_SERIES
                        : Math.max(LEAST_SERIES, Math.ceilDiv(series, MERGED_LANES));
        lanes = Math.max(1, Math.ceilDiv(series, laneSeries));
        boolean worthIt = series * valuesEach >= VALUES_FOR_HELP;
        threads = worthIt ? Math.min(parallelism, lanes) : 1;
    }

    /// Fills all lanes.
    ///
    /// @return all of them merged; an empty one if they were delivered
    L run() throws QueryException, IOException {
        if (threads == 1 && gather.delivers()) {
            source.worker().push(0, series, gather.direct(), () -> false);
            return gather.open();
        }
        List<Workers.Helper> helpers = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            helpers.add(Workers.ask(this::work));
        }
        work();
        for (Workers.Helper helper : helpers) {
            helper.finish(() ->
                    fail(
                            new BudgetExceededException(
                                    QueryBudget.CANCELLED,
                                    "query was canceled in expression evaluation")));
        }
        rethrow(failure.get());
        L merged = root;
        return merged == null ? gather.open() : merged;
    }

    private static void rethrow(@Nullable Throwable thrown) throws QueryException, IOException {
        switch (thrown) {
            case null -> {}
            case QueryException e -> throw e;
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown);
        }
    }

    private void fail(Throwable thrown) {
        failure.compareAndSet(null, thrown);
        synchronized (full) {
            full.notifyAll();
        }
    }

    private boolean stopped() {
        return failure.get() != null;
    }

    private void work() {
        try {
            Worker worker = null;
            while (true) {
                int lane = next.getAndIncrement();
                if (lane >= lanes || !mayBegin(lane)) {
                    return;
                }
                if (worker == null) {
                    worker = source.worker();
                }
                L filled = gather.open();
                int from = lane * laneSeries;
                worker.push(
                        from,
                        Math.min(series, from + laneSeries),
                        gather.sink(filled),
                        this::stopped);
                if (stopped()) {
                    return;
                }
                if (gather.delivers()) {
                    deliver(lane, filled);
                } else {
                    merge(lane, filled);
                }
            }
        } catch (QueryException | IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    /// Waits until the lane is near enough to what was delivered.
    private boolean mayBegin(int lane) {
        if (!gather.delivers()) {
            return !stopped();
        }
        boolean interrupted = false;
        synchronized (full) {
            while (!stopped() && lane - delivered >= WINDOW * threads) {
                try {
                    full.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                    fail(
                            new BudgetExceededException(
                                    QueryBudget.CANCELLED,
                                    "query was canceled in expression evaluation"));
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !stopped();
    }

    private void merge(int lane, L filled) throws QueryException {
        L mine = filled;
        int index = lane;
        int width = lanes;
        for (long level = 0; width > 1; level++) {
            int sibling = index ^ 1;
            if (sibling < width) {
                L other;
                synchronized (full) {
                    other = full.remove(level << 32 | sibling);
                    if (other == null) {
                        full.put(level << 32 | index, mine);
                        return;
                    }
                }
                if (sibling > index) {
                    gather.merge(mine, other);
                } else {
                    gather.merge(other, mine);
                    mine = other;
                }
            }
            index >>= 1;
            width = (width + 1) >> 1;
        }
        root = mine;
    }

    private void deliver(int lane, L filled) throws QueryException, IOException {
        synchronized (full) {
            full.put((long) lane, filled);
            if (delivering) {
                return;
            }
            delivering = true;
        }
        while (true) {
            L first;
            synchronized (full) {
                first = full.remove((long) delivered);
                if (first == null) {
                    delivering = false;
                    return;
                }
            }
            gather.deliver(first);
            synchronized (full) {
                delivered++;
                full.notifyAll();
            }
        }
    }
}
