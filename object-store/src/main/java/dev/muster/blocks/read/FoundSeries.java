package dev.muster.blocks.read;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ObjIntConsumer;

/// A series of an answer and in which tables it is. Filled by one thread at a time, then only read.
final class FoundSeries implements Comparable<FoundSeries> {
    private final Labels labels;
    private final Place first;

    /// Beside the first; nearly always none.
    private List<Place> more = List.of();

    FoundSeries(Labels labels, Place first) {
        this.labels = labels;
        this.first = first;
    }

    /// Which series of a table it is.
    ///
    /// @param blocks the blocks that have the table, by time once the answer is complete
    /// @param table which series they have
    /// @param number which of them it is
    record Place(List<BlockPart> blocks, SeriesTable table, int number) {
        private int newest() {
            return blocks.getLast().order();
        }
    }

    void add(Place place) {
        if (more.isEmpty()) {
            more = new ArrayList<>(2);
        }
        more.add(place);
    }

    void addAll(FoundSeries other) {
        other.places().forEach(this::add);
    }

    private List<Place> places() {
        List<Place> places = new ArrayList<>(1 + more.size());
        places.add(first);
        places.addAll(more);
        return places;
    }

    Labels labels() {
        return labels;
    }

    /// As the newest block has it, of those that have a help text if one does.
    MetricMetadata metadata() {
        List<Place> newestFirst = places();
        newestFirst.sort(Comparator.comparingInt(Place::newest).reversed());
        for (Place place : newestFirst) {
            MetricMetadata metadata = place.table.metadata(place.number);
            if (!metadata.help().isEmpty()) {
                return metadata;
            }
        }
        Place newest = newestFirst.getFirst();
        return newest.table.metadata(newest.number);
    }

    /// Names the blocks that may have it, by time, each with its number there.
    void forEach(ObjIntConsumer<BlockPart> action) {
        if (more.isEmpty()) {
            for (BlockPart block : first.blocks) {
                action.accept(block, first.number);
            }
            return;
        }
        List<Place> places = places();
        int blocks = places.stream().mapToInt(place -> place.blocks.size()).sum();
        long[] order = new long[blocks];
        int[] next = new int[places.size()];
        int at = 0;
        for (int i = 0; i < next.length; i++) {
            for (BlockPart block : places.get(i).blocks) {
                order[at++] = ((long) block.order() << Integer.SIZE) | i;
            }
        }
        Arrays.sort(order);
        for (long one : order) {
            Place place = places.get((int) one);
            action.accept(place.blocks.get(next[(int) one]++), place.number);
        }
    }

    @Override
    public int compareTo(FoundSeries other) {
        return labels.compareTo(other.labels);
    }
}
