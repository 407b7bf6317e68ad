package dev.muster.promql;

import dev.muster.model.labels.Labels;
import dev.muster.model.series.ReadAllowance;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What every operator of one query does while it runs: time, series, samples, bytes, memory. Given
/// to [QueryOptions]; of one query alone. Thread-safe.
public final class QueryTrace {
    /*
     * Operators push series into one another, so an operator's call does not end before the work of
     * those above it. Each thread therefore keeps one clock: whenever the work changes hands, the
     * time since the last change goes to the operator that had it.
     */
    private final ThreadLocal<Clock> clocks = ThreadLocal.withInitial(Clock::new);
    private final Map<Expr, TraceCounters> counters =
            Collections.synchronizedMap(new IdentityHashMap<>());
    private final Map<ExplainNode.Reads, Integer> found = new ConcurrentHashMap<>();
    private volatile @Nullable ExplainNode root;

    /// Who works on a thread.
    private static final class Clock {
        private @Nullable TraceCounters current;
        private long sinceNanos;

        /// @return who worked before
        @Nullable TraceCounters pass(@Nullable TraceCounters next) {
            long nowNanos = System.nanoTime();
            TraceCounters before = current;
            if (before != null) {
                before.worked(nowNanos - sinceNanos);
            }
            current = next;
            sinceNanos = nowNanos;
            return before;
        }
    }

    /// The plan that is evaluated; its operators are the ones that are told apart.
    void begin(ExplainNode plan) {
        root = plan;
        register(plan);
    }

    private void register(ExplainNode node) {
        counters.putIfAbsent(node.expr(), node.counters());
        node.children().forEach(this::register);
    }

    /// The plan with what its operators have done; empty before the query began.
    public Optional<ExplainNode> plan() {
        return Optional.ofNullable(root);
    }

    /// How many series the sources had together for a selector of the plan; empty where it was not
    /// asked for here.
    public OptionalInt seriesFound(ExplainNode.Reads reads) {
        Integer series = found.get(reads);
        return series == null ? OptionalInt.empty() : OptionalInt.of(series);
    }

    void found(ExplainNode.Reads reads, int series) {
        found.put(reads, series);
    }

    <L> L operator(Evaluation evaluation, Expr expr, Steps steps, Gather<L> gather)
            throws QueryException, IOException {
        TraceCounters mine = counters.computeIfAbsent(expr, _ -> new TraceCounters());
        mine.called(Thread.currentThread().threadId());
        Clock clock = clocks.get();
        TraceCounters above = clock.pass(mine);
        try {
            Gather.Stage giving =
                    next ->
                            (labels, dropName, column) ->
                                    give(mine, above, next, labels, dropName, column);
            return evaluation.operator(expr, steps, gather.after(giving));
        } finally {
            clock.pass(above);
        }
    }

    /// The operator that works on this thread; null for none.
    @Nullable TraceCounters current() {
        return clocks.get().current;
    }

    /// From now on another operator works on this thread, or none.
    ///
    /// @return which one worked before
    @Nullable TraceCounters pass(@Nullable TraceCounters next) {
        return clocks.get().pass(next);
    }

    /// The work goes to the operator above until it has taken the series. It may do so on another
    /// thread than the one that asked.
    private void give(
            TraceCounters mine,
            @Nullable TraceCounters above,
            SeriesSink sink,
            Labels labels,
            boolean dropName,
            StepColumn column)
            throws QueryException, IOException {
        mine.gave();
        Clock clock = clocks.get();
        TraceCounters before = clock.pass(above);
        try {
            sink.accept(labels, dropName, column);
        } finally {
            clock.pass(before);
        }
    }

    /// The operator that works on this thread holds more memory, or less.
    void memory(long bytes) {
        TraceCounters current = clocks.get().current;
        if (current != null) {
            current.memory(bytes);
        }
    }

    /// A budget that notes what is read for the operator that works on this thread now.
    ReadBudget reading(ReadBudget budget) {
        TraceCounters current = clocks.get().current;
        return current == null ? budget : new Reading(current, budget);
    }

    private record Reading(TraceCounters counters, ReadBudget budget) implements ReadBudget {
        @Override
        public void chargeSeries(int count) {
            counters.readSeries(count);
            budget.chargeSeries(count);
        }

        @Override
        public void chargeSamples(int count) {
            counters.readSamples(count);
            budget.chargeSamples(count);
        }

        @Override
        public void chargeFetchedBytes(long bytes) {
            counters.fetched(bytes);
            budget.chargeFetchedBytes(bytes);
        }

        @Override
        public void chargeMemory(long bytes) {
            budget.chargeMemory(bytes);
        }

        @Override
        public void releaseMemory(long bytes) {
            budget.releaseMemory(bytes);
        }

        @Override
        public ReadAllowance allowance() {
            return budget.allowance();
        }

        @Override
        public void check() {
            budget.check();
        }
    }
}
