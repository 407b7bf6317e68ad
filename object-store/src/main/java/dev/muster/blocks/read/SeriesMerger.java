package dev.muster.blocks.read;

import dev.muster.model.labels.Labels;
import dev.muster.model.series.ReadBudget;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Makes one series of what several blocks hold of it. Thread-safe.
final class SeriesMerger {
    /// By number; of several series with the same number the others stand in `collisions`.
    private final SeriesById byId = new SeriesById();

    private final Map<Labels, FoundSeries> collisions = new HashMap<>();

    /// In the order in which they were found, which is nearly that of their labels.
    private final List<FoundSeries> all = new ArrayList<>();

    private final Map<SeriesTable, Blocks> tables = new IdentityHashMap<>();
    private final ReadBudget budget;

    SeriesMerger(ReadBudget budget) {
        this.budget = budget;
    }

    /// The blocks of one table, and the series of it that were found.
    private static final class Blocks {
        private final List<BlockPart> blocks = new ArrayList<>();
        private final BitSet found = new BitSet();
    }

    /// @param series those of the block that are wanted; numbers in its table
    synchronized void add(BlockPart block, int[] series) {
        SeriesTable table = block.index().table();
        Blocks of = tables.computeIfAbsent(table, t -> new Blocks());
        of.blocks.add(block);
        int before = all.size();
        for (int number : series) {
            if (!of.found.get(number)) {
                of.found.set(number);
                found(new FoundSeries.Place(of.blocks, table, number));
            }
        }
        budget.chargeSeries(all.size() - before);
    }

    /*
     * A number is a hash, and a block salts it where two of its series share it, so equal numbers mean equal labels
     * almost always, and equal labels mean equal numbers almost always. Both are checked: by the labels, and by one
     * pass over the result.
     */
    private void found(FoundSeries.Place place) {
        SeriesTable table = place.table();
        int number = place.number();
        FoundSeries known = byId.find(table.id(number));
        if (known == null) {
            byId.put(table.id(number), first(table.labels(number), place));
        } else if (table.hasLabels(number, known.labels())) {
            known.add(place);
        } else {
            Labels labels = table.labels(number);
            FoundSeries other = collisions.get(labels);
            if (other == null) {
                collisions.put(labels, first(labels, place));
            } else {
                other.add(place);
            }
        }
    }

    private FoundSeries first(Labels labels, FoundSeries.Place place) {
        FoundSeries series = new FoundSeries(labels, place);
        all.add(series);
        return series;
    }

    /// All series, ascending by labels, no labels twice.
    synchronized List<FoundSeries> result() {
        for (Blocks of : tables.values()) {
            of.blocks.sort(Comparator.comparingInt(BlockPart::order));
        }
        Collections.sort(all);
        List<FoundSeries> result = new ArrayList<>(all.size());
        for (FoundSeries series : all) {
            if (!result.isEmpty() && result.getLast().labels().equals(series.labels())) {
                result.getLast().addAll(series);
            } else {
                result.add(series);
            }
        }
        return result;
    }
}
