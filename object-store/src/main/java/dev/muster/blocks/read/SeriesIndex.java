package dev.muster.blocks.read;

import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.SeriesSpan;
import org.jspecify.annotations.Nullable;

/// The series of one block and where their samples are. Immutable; owns its arrays.
final class SeriesIndex {
    private final BlockMetadata metadata;
    private final SeriesTable table;
    private final RowStarts rows;

    /// Null where no series of the block has histograms.
    private final @Nullable RowStarts histRows;

    /// Times are kept as what they differ from the start of the window.
    private final long startMs;

    private final int[] minMs;
    private final int[] maxMs;

    /// Null where no series of the block has start times.
    private final long @Nullable [] startsMs;

    private final int @Nullable [] startChanges;
    private final long sizeBytes;

    SeriesIndex(SeriesIndexBuilder built, SeriesTables.Found table) {
        metadata = built.metadata();
        this.table = table.table();
        rows = built.rows();
        histRows = built.histRows();
        startMs = metadata.id().range().startMs();
        minMs = built.minMs();
        maxMs = built.maxMs();
        startsMs = built.startsMs();
        startChanges = built.startChanges();
        sizeBytes =
                800
                        + rows.sizeBytes()
                        + (histRows == null ? 0 : histRows.sizeBytes())
                        + 8L * minMs.length
                        + (startsMs == null ? 0 : 12L * minMs.length)
                        + (table.fresh() ? this.table.sizeBytes() : 0);
    }

    BlockMetadata metadata() {
        return metadata;
    }

    SeriesTable table() {
        return table;
    }

    /// Memory it takes, roughly; the table counts with the block that brought it.
    long sizeBytes() {
        return sizeBytes;
    }

    /// Where the samples of a series are.
    SeriesSpan span(int series) {
        return new SeriesSpan(
                rows.start(series),
                rows.count(series),
                histRows == null ? 0 : histRows.start(series),
                histRows == null ? 0 : histRows.count(series),
                startMs + minMs[series],
                startMs + maxMs[series],
                startsMs == null ? 0 : startsMs[series],
                startChanges == null ? -1 : startChanges[series]);
    }

    RowStarts rows() {
        return rows;
    }

    @Nullable RowStarts histRows() {
        return histRows;
    }

    /// Must the start times of a series be read sample by sample?
    boolean hasStartColumn(int series) {
        return startChanges != null && startChanges[series] > 0;
    }

    boolean overlaps(int series, long fromMs, long endMs) {
        return startMs + minMs[series] < endMs && fromMs <= startMs + maxMs[series];
    }
}
