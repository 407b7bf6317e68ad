package dev.muster.blocks.read;

import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A series of an answer and where its samples are. Filled by one thread at a time, then only read.
final class FoundSeries implements Comparable<FoundSeries> {
    private final Labels labels;
    private final List<Rows> rows = new ArrayList<>(1);

    FoundSeries(Labels labels) {
        this.labels = labels;
    }

    /// Rows of one block.
    ///
    /// @param block the block
    /// @param span where its samples are in the files of the block
    /// @param metadata what that block says of the metric
    record Rows(BlockPart block, SeriesSpan span, MetricMetadata metadata) {}

    void add(Rows more) {
        rows.add(more);
    }

    void sortByTime() {
        rows.sort(
                Comparator.comparing((Rows part) -> part.block().entry().id().range())
                        .thenComparing(part -> part.block().entry().id().seriesKey()));
    }

    Labels labels() {
        return labels;
    }

    List<Rows> rows() {
        return rows;
    }

    @Override
    public int compareTo(FoundSeries other) {
        return labels.compareTo(other.labels);
    }
}
