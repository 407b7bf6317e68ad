package dev.muster.query.load;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The queries that wait and run now. Those that end are told to the table of top queries, if they
/// took long to the log, and what the time of others is estimated from. Thread-safe.
public final class ActiveQueries {
    private final InstantSource clock;
    private final ActiveFile file;
    private final TopQueries top;
    private final SlowLog slow;
    private final CostRates rates;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, ActiveQuery> active = new ConcurrentHashMap<>();

    ActiveQueries(
            InstantSource clock, ActiveFile file, TopQueries top, SlowLog slow, CostRates rates) {
        this.clock = clock;
        this.file = file;
        this.top = top;
        this.slow = slow;
        this.rates = rates;
    }

    /// A query came.
    public ActiveQuery begin(ActiveQuery.Origin origin, Consumer consumer) {
        ActiveQuery query =
                new ActiveQuery(ids.incrementAndGet(), origin, clock.millis(), consumer);
        active.put(query.id(), query);
        return query;
    }

    /// The turn of a query has come.
    public void running(ActiveQuery query) {
        query.running(file.write(query.origin(), query.startedMs()));
    }

    /// A query has ended.
    ///
    /// @param outcome `success`, or the type of its error
    public void end(ActiveQuery query, String outcome) {
        active.remove(query.id());
        file.clear(query.slot());
        top.record(query, clock.millis());
        slow.ended(query, outcome);
        if (query.hasAnswer()) {
            rates.answered(query.usage(), query.workedNanos());
        }
    }

    /// All, the oldest first.
    public List<ActiveQuery> all() {
        return active.values().stream().sorted(Comparator.comparingLong(ActiveQuery::id)).toList();
    }

    /// Stops a query.
    ///
    /// @return whether there was one of that number
    public boolean cancel(long id) {
        ActiveQuery query = active.get(id);
        if (query == null) {
            return false;
        }
        query.cancel();
        return true;
    }
}
