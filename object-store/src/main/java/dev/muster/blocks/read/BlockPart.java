package dev.muster.blocks.read;

import dev.muster.model.time.TimeRange;
import org.jspecify.annotations.Nullable;

/// One block's share of an answer. Thread-safe.
final class BlockPart {
    private final BlockEntry entry;
    private final int order;
    private final SeriesIndex index;
    private final @Nullable Table samples;
    private final @Nullable Table hist;
    private volatile boolean failed;

    /// A file of the block, and what the query wants of it.
    ///
    /// @param layout where its pages are
    /// @param pages those that the query wants and has not decoded
    /// @param starts those of start times; null for histograms, and where none are read
    /// @param held the decoded ones of samples; null for histograms
    record Table(
            TableLayout layout,
            PageFetch pages,
            @Nullable PageFetch starts,
            @Nullable HeldPages held) {}

    /// @param order place among the blocks of the query, by time
    /// @param samples null where none of them are asked for
    /// @param hist null where no histograms are asked for, or there are none
    BlockPart(
            BlockEntry entry,
            int order,
            SeriesIndex index,
            @Nullable Table samples,
            @Nullable Table hist) {
        this.entry = entry;
        this.order = order;
        this.index = index;
        this.samples = samples;
        this.hist = hist;
    }

    /// Whether a series of the block may have samples in the range.
    boolean overlaps(int series, TimeRange range) {
        TimeRange window = entry.id().range();
        return (range.startMs() <= window.startMs() && window.endMs() <= range.endMs())
                || index.overlaps(series, range.startMs(), range.endMs());
    }

    BlockEntry entry() {
        return entry;
    }

    int order() {
        return order;
    }

    SeriesIndex index() {
        return index;
    }

    @Nullable Table samples() {
        return samples;
    }

    @Nullable Table hist() {
        return hist;
    }

    boolean failed() {
        return failed;
    }

    /// @return whether it had not failed before
    synchronized boolean fail() {
        boolean first = !failed;
        failed = true;
        return first;
    }
}
