package dev.muster.blocks.read;

import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.SeriesSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The series of one block and where their samples are. Immutable; owns its arrays.
final class SeriesIndex {
    private final BlockMetadata metadata;
    private final SeriesTables.Print print;
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

    /// Null where all series are of one agent.
    private final @Nullable Agents agents;

    private final long sizeBytes;

    /// Whose series they are, in a merged block. Owns its array.
    static final class Agents {
        private final List<String> hosts;
        private final int[] numbers;

        /// @param numbers of each series, among the hosts
        Agents(List<String> hosts, int[] numbers) {
            this.hosts = List.copyOf(hosts);
            this.numbers = numbers;
        }

        List<String> hosts() {
            return hosts;
        }

        int number(int series) {
            return numbers[series];
        }

        String host(int series) {
            return hosts.get(numbers[series]);
        }
    }

    /// @param print of the table
    /// @param minMs of each series, as it differs from the start of the window, as `maxMs`
    SeriesIndex(
            BlockMetadata metadata,
            SeriesTables.Print print,
            SeriesTables.Found table,
            RowStarts rows,
            @Nullable RowStarts histRows,
            int[] minMs,
            int[] maxMs,
            long @Nullable [] startsMs,
            int @Nullable [] startChanges,
            @Nullable Agents agents) {
        this.agents = agents;
        this.metadata = metadata;
        this.print = print;
        this.table = table.table();
        this.rows = rows;
        this.histRows = histRows;
        startMs = metadata.id().range().startMs();
        this.minMs = minMs;
        this.maxMs = maxMs;
        this.startsMs = startsMs;
        this.startChanges = startChanges;
        sizeBytes =
                800
                        + rows.sizeBytes()
                        + (histRows == null ? 0 : histRows.sizeBytes())
                        + 8L * minMs.length
                        + (startsMs == null ? 0 : 12L * minMs.length)
                        + (agents == null ? 0 : 4L * minMs.length)
                        + (table.fresh() ? this.table.sizeBytes() : 0);
    }

    BlockMetadata metadata() {
        return metadata;
    }

    SeriesTables.Print print() {
        return print;
    }

    SeriesTable table() {
        return table;
    }

    /// Memory it takes, roughly; the table counts with the block that brought it.
    long sizeBytes() {
        return sizeBytes;
    }

    /// Whose series they are; null where all are of one agent.
    @Nullable Agents agents() {
        return agents;
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
                startOf(series),
                startChangesOf(series));
    }

    RowStarts rows() {
        return rows;
    }

    @Nullable RowStarts histRows() {
        return histRows;
    }

    /// Has any series of the block start times?
    boolean hasStarts() {
        return startsMs != null;
    }

    int minInWindowMs(int series) {
        return minMs[series];
    }

    int maxInWindowMs(int series) {
        return maxMs[series];
    }

    /// 0 where there is none.
    long startOf(int series) {
        return startsMs == null ? 0 : startsMs[series];
    }

    /// -1 where there are no start times.
    int startChangesOf(int series) {
        return startChanges == null ? -1 : startChanges[series];
    }

    /// Must the start times of a series be read sample by sample?
    boolean hasStartColumn(int series) {
        return startChanges != null && startChanges[series] > 0;
    }

    boolean overlaps(int series, long fromMs, long endMs) {
        return startMs + minMs[series] < endMs && fromMs <= startMs + maxMs[series];
    }
}
