package dev.muster.query.load;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which queries cost most, of those that ended lately: a bounded number of them, in a bounded
/// time. Thread-safe.
public final class TopQueries {
    private final int limit;
    private final long windowMs;

    /// The oldest first. Guarded by this.
    private final Deque<Ended> ended = new ArrayDeque<>();

    /// One object for each text, however often it was asked. Guarded by this.
    private final Map<String, Shared> texts = new HashMap<>();

    private record Key(String query, long rangeSeconds) {}

    private record Ended(Key key, long endedMs, long nanos, long memoryBytes, long samples) {}

    private static final class Shared {
        private final String text;
        private int count;

        Shared(String text) {
            this.text = text;
        }
    }

    /// What one query has cost, all times that it was asked.
    ///
    /// @param rangeSeconds between its first and its last step; 0 for an instant
    /// @param count how often it ended
    /// @param sumNanos time from its coming to its end, all together
    /// @param sumMemoryBytes most tracked memory, all together
    /// @param sumSamples samples decoded, all together
    public record Cost(
            String query,
            long rangeSeconds,
            long count,
            long sumNanos,
            long sumMemoryBytes,
            long sumSamples) {
        Cost plus(Ended one) {
            return new Cost(
                    query,
                    rangeSeconds,
                    count + 1,
                    sumNanos + one.nanos,
                    sumMemoryBytes + one.memoryBytes,
                    sumSamples + one.samples);
        }
    }

    /// What queries are ordered by, the greatest first.
    public enum Order {
        COUNT(Comparator.comparingLong(Cost::count)),
        AVERAGE_TIME(Comparator.comparingDouble(cost -> (double) cost.sumNanos / cost.count)),
        TIME(Comparator.comparingLong(Cost::sumNanos)),
        AVERAGE_MEMORY(
                Comparator.comparingDouble(cost -> (double) cost.sumMemoryBytes / cost.count));

        private final Comparator<Cost> ascending;

        Order(Comparator<Cost> ascending) {
            this.ascending = ascending;
        }
    }

    /// @param limit most queries that are remembered
    /// @param window how long they are
    public TopQueries(int limit, Duration window) {
        if (limit < 1 || window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException(
                    "top queries: limit and window must be positive: limit="
                            + limit
                            + ", window="
                            + window);
        }
        this.limit = limit;
        windowMs = window.toMillis();
    }

    public int limit() {
        return limit;
    }

    public long windowMs() {
        return windowMs;
    }

    void record(ActiveQuery query, long nowMs) {
        record(
                query.origin().query(),
                query.origin().rangeMs() / 1_000,
                nowMs,
                query.elapsedNanos(),
                query.usage());
    }

    synchronized void record(String query, long rangeSeconds, long nowMs, long nanos, Usage usage) {
        Shared shared = texts.computeIfAbsent(query, Shared::new);
        shared.count++;
        ended.add(
                new Ended(
                        new Key(shared.text, rangeSeconds),
                        nowMs,
                        nanos,
                        usage.peakMemoryBytes(),
                        usage.samples()));
        while (ended.size() > limit || ended.getFirst().endedMs < nowMs - windowMs) {
            forget(ended.removeFirst());
        }
    }

    private void forget(Ended one) {
        Shared shared = texts.get(one.key.query);
        if (shared != null && --shared.count == 0) {
            texts.remove(one.key.query);
        }
    }

    /// The first so many of an order, of queries that ended since a time.
    public List<Cost> top(Order order, int count, long sinceMs) {
        Map<Key, Cost> costs = new HashMap<>();
        synchronized (this) {
            for (Ended one : ended) {
                if (one.endedMs >= sinceMs) {
                    Cost none = new Cost(one.key.query, one.key.rangeSeconds, 0, 0, 0, 0);
                    costs.merge(one.key, none.plus(one), (known, _) -> known.plus(one));
                }
            }
        }
        List<Cost> sorted = new ArrayList<>(costs.values());
        sorted.sort(order.ascending.reversed().thenComparing(Cost::query));
        return List.copyOf(sorted.subList(0, Math.min(Math.max(0, count), sorted.size())));
    }
}
