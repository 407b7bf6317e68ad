package dev.muster.query.api;

import dev.muster.model.labels.Labels;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SeriesSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// How many series, labels and values there are, and which are the most frequent. Confined to one
/// thread.
final class Cardinality {
    private static final int LOOK_EVERY = 4_096;

    private static final Comparator<Stat> SMALLEST_FIRST =
            Comparator.comparingLong(Stat::value)
                    .thenComparing(Stat::name, Comparator.reverseOrder());

    /// A name and how often, or how much, it is there.
    record Stat(String name, long value) {}

    private final Map<String, Map<String, Long>> seriesByPair = new HashMap<>();
    private long series;

    /// Counts the series of a set.
    void add(SeriesSet set, ReadBudget budget) {
        for (int i = 0; i < set.size(); i++) {
            if (i % LOOK_EVERY == 0) {
                budget.check();
            }
            series++;
            set.labels(i)
                    .forEach((name, value) ->
                            seriesByPair
                                    .computeIfAbsent(name, key -> new HashMap<>())
                                    .merge(value, 1L, Long::sum));
        }
    }

    long series() {
        return series;
    }

    /// How many different pairs of a name and a value there are.
    long labelPairs() {
        return seriesByPair.values().stream().mapToLong(Map::size).sum();
    }

    List<Stat> seriesByMetric(int limit) {
        Top top = new Top(limit);
        seriesByPair.getOrDefault(Labels.METRIC, Map.of()).forEach(top::offer);
        return top.descending();
    }

    List<Stat> valuesByLabel(int limit) {
        Top top = new Top(limit);
        seriesByPair.forEach((name, values) -> top.offer(name, values.size()));
        return top.descending();
    }

    /// Bytes of the values of a label, each counted as often as there are series with it.
    List<Stat> bytesByLabel(int limit) {
        Top top = new Top(limit);
        seriesByPair.forEach((name, values) -> {
            long bytes = 0;
            for (Map.Entry<String, Long> value : values.entrySet()) {
                bytes += Utf8Length.of(value.getKey()) * value.getValue();
            }
            top.offer(name, bytes);
        });
        return top.descending();
    }

    /// As `name=value`.
    List<Stat> seriesByPair(int limit) {
        Top top = new Top(limit);
        seriesByPair.forEach((name, values) ->
                values.forEach((value, count) -> top.offer(name + "=" + value, count)));
        return top.descending();
    }

    /// The largest of what it is offered; of two that are as large, the one whose name comes first.
    private static final class Top {
        private final int limit;
        private final PriorityQueue<Stat> kept = new PriorityQueue<>(SMALLEST_FIRST);

        Top(int limit) {
            this.limit = limit;
        }

        void offer(String name, long value) {
            Stat stat = new Stat(name, value);
            if (kept.size() < limit) {
                kept.add(stat);
            } else if (SMALLEST_FIRST.compare(kept.peek(), stat) < 0) {
                kept.poll();
                kept.add(stat);
            }
        }

        List<Stat> descending() {
            List<Stat> all = new ArrayList<>(kept);
            all.sort(SMALLEST_FIRST.reversed());
            return all;
        }
    }
}
