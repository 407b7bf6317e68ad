package dev.muster.blocks.read;

import dev.muster.model.labels.Labels;
import dev.muster.model.series.ReadBudget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes one series of what several blocks hold of it. Thread-safe.
final class SeriesMerger {
    /// By number; of several series with the same number the others stand in `collisions`.
    private final Map<Long, FoundSeries> byId = new HashMap<>();

    private final Map<Labels, FoundSeries> collisions = new HashMap<>();
    private final ReadBudget budget;

    SeriesMerger(ReadBudget budget) {
        this.budget = budget;
    }

    synchronized void add(BlockPart block, SeriesIndex index, int[] series) {
        int before = byId.size() + collisions.size();
        for (int number : series) {
            found(index, number)
                    .add(new FoundSeries.Rows(block, index.span(number), index.metadata(number)));
        }
        budget.chargeSeries(byId.size() + collisions.size() - before);
    }

    /*
     * A number is a hash, and a block salts it where two of its series share it, so equal numbers mean equal labels
     * almost always, and equal labels mean equal numbers almost always. Both are checked: by the labels, and by one
     * pass over the result.
     */
    private FoundSeries found(SeriesIndex index, int number) {
        @Nullable FoundSeries known = byId.get(index.id(number));
        if (known == null) {
            FoundSeries first = new FoundSeries(index.labels(number));
            byId.put(index.id(number), first);
            return first;
        }
        return index.hasLabels(number, known.labels())
                ? known
                : collisions.computeIfAbsent(index.labels(number), FoundSeries::new);
    }

    /// All series, ascending by labels, no labels twice.
    synchronized List<FoundSeries> result() {
        List<FoundSeries> sorted = new ArrayList<>(byId.values());
        sorted.addAll(collisions.values());
        Collections.sort(sorted);
        List<FoundSeries> result = new ArrayList<>(sorted.size());
        for (FoundSeries series : sorted) {
            if (!result.isEmpty() && result.getLast().labels().equals(series.labels())) {
                series.rows().forEach(result.getLast()::add);
            } else {
                result.add(series);
            }
        }
        result.forEach(FoundSeries::sortByTime);
        return result;
    }
}
