package dev.muster.model.merge;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SeriesSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Several sets as one: a series that is in more than one of them appears once, with the samples of
/// all: one for each time. Those of the series' own agent go before those that others took in its
/// place, in the order of their names, whichever set they come in; then an earlier set goes before
/// a later. Closes the parts with itself.
public final class MergedSeriesSet implements SeriesSet {
    /*
     * The members of series i are the entries first[i] to first[i + 1] (exclusive) of part and index: a series of a
     * layer each, layers ascending. Layers are sorted by who took the samples, then by part; standing counts the
     * former from 0.
     */
    private static final int CHECK_EVERY = 4_096;

    private final List<SeriesSet> parts;
    private final List<Layer> layers;
    private final int[] standing;
    private final List<String> moreWarnings;
    private final Completeness more;
    private final List<Labels> labels = new ArrayList<>();
    private int[] first = new int[64];
    private int[] part = new int[64];
    private int[] index = new int[64];
    private int members;

    private MergedSeriesSet(List<SeriesSet> parts, List<String> moreWarnings, Completeness more) {
        this.parts = parts;
        layers =
                parts.stream()
                        .flatMap(set -> set.layers().stream())
                        .sorted(Comparator.comparing(Layer::by))
                        .toList();
        standing = standing(layers);
        this.moreWarnings = moreWarnings;
        this.more = more;
    }

    private static int[] standing(List<Layer> layers) {
        int[] standing = new int[layers.size()];
        for (int i = 1; i < standing.length; i++) {
            boolean same = layers.get(i).by().equals(layers.get(i - 1).by());
            standing[i] = standing[i - 1] + (same ? 0 : 1);
        }
        return standing;
    }

    /// The layers of the parts, where there are samples that another agent took.
    @Override
    public List<Layer> layers() {
        return layers.isEmpty() || layers.getLast().by().isEmpty()
                ? SeriesSet.super.layers()
                : layers;
    }

    /// @param parts in the order in which they go before one another; owned by the new set
    /// @param moreWarnings what to say beside the warnings of the parts
    /// @param more what is there and missing beside the parts
    public static SeriesSet of(
            List<SeriesSet> parts,
            List<String> moreWarnings,
            Completeness more,
            ReadBudget budget) {
        if (parts.size() == 1 && moreWarnings.isEmpty() && more.equals(Completeness.NONE)) {
            return parts.getFirst();
        }
        MergedSeriesSet merged =
                new MergedSeriesSet(List.copyOf(parts), List.copyOf(moreWarnings), more);
        try {
            merged.mergeLabels(budget);
        } catch (RuntimeException e) {
            merged.close();
            throw e;
        }
        return merged;
    }

    private void mergeLabels(ReadBudget budget) {
        PriorityQueue<Head> heads =
                new PriorityQueue<>(Math.max(1, layers.size()), MergedSeriesSet::compareHeads);
        for (int i = 0; i < layers.size(); i++) {
            if (layerSet(i).size() > 0) {
                heads.add(new Head(i, 0, layerSet(i).labels(0)));
            }
        }
        Labels last = null;
        Head head;
        while ((head = heads.poll()) != null) {
            if (!head.labels.equals(last)) {
                last = head.labels;
                addSeries(last);
                if (labels.size() % CHECK_EVERY == 0) {
                    budget.check();
                }
            }
            addMember(head.part, head.index);
            int next = head.index + 1;
            SeriesSet set = layerSet(head.part);
            if (next < set.size()) {
                heads.add(new Head(head.part, next, set.labels(next)));
            }
        }
        first = Arrays.copyOf(first, labels.size() + 1);
        first[labels.size()] = members;
    }

    private SeriesSet layerSet(int layer) {
        return layers.get(layer).set();
    }

    private record Head(int part, int index, Labels labels) {}

    private static int compareHeads(Head left, Head right) {
        int order = left.labels.compareTo(right.labels);
        return order != 0 ? order : Integer.compare(left.part, right.part);
    }

    private void addSeries(Labels series) {
        if (labels.size() == first.length) {
            first = Arrays.copyOf(first, 2 * first.length);
        }
        first[labels.size()] = members;
        labels.add(series);
    }

    private void addMember(int ofPart, int atIndex) {
        if (members == part.length) {
            part = Arrays.copyOf(part, 2 * members);
            index = Arrays.copyOf(index, 2 * members);
        }
        part[members] = ofPart;
        index[members] = atIndex;
        members++;
    }

    @Override
    public int size() {
        return labels.size();
    }

    @Override
    public Labels labels(int series) {
        return labels.get(series);
    }

    @Override
    public MetricMetadata metadata(int series) {
        for (int member = first[series]; member < first[series + 1]; member++) {
            MetricMetadata metadata = layerSet(part[member]).metadata(index[member]);
            if (!metadata.equals(MetricMetadata.NONE)) {
                return metadata;
            }
        }
        return MetricMetadata.NONE;
    }

    @Override
    public SampleReader reader() {
        return new Reader();
    }

    @Override
    public List<String> warnings() {
        LinkedHashSet<String> warnings = new LinkedHashSet<>();
        parts.forEach(set -> warnings.addAll(set.warnings()));
        warnings.addAll(moreWarnings);
        return List.copyOf(warnings);
    }

    @Override
    public Completeness completeness() {
        Completeness all = more;
        for (SeriesSet set : parts) {
            all = all.plus(set.completeness());
        }
        return all;
    }

    @Override
    public void close() {
        parts.forEach(SeriesSet::close);
    }

    /// Reads the members of a series into columns of its own and merges them. Confined to one
    /// thread.
    private final class Reader implements SampleReader {
        private final @Nullable SampleReader[] readers = new SampleReader[layers.size()];
        private SampleColumns[] columns = new SampleColumns[0];
        private int[] standings = new int[0];

        @Override
        public void read(int series, SampleColumns into) throws IOException {
            int from = first[series];
            int count = first[series + 1] - from;
            if (count == 1) {
                readerOf(part[from]).read(index[from], into);
                return;
            }
            while (columns.length < count) {
                columns = Arrays.copyOf(columns, columns.length + 1);
                columns[columns.length - 1] = new SampleColumns();
                standings = new int[columns.length];
            }
            for (int i = 0; i < count; i++) {
                columns[i].clear();
                readerOf(part[from + i]).read(index[from + i], columns[i]);
                standings[i] = standing[part[from + i]];
            }
            SampleMerge.merge(columns, standings, count, into);
        }

        private SampleReader readerOf(int ofPart) {
            SampleReader reader = readers[ofPart];
            if (reader == null) {
                reader = layerSet(ofPart).reader();
                readers[ofPart] = reader;
            }
            return reader;
        }
    }
}
