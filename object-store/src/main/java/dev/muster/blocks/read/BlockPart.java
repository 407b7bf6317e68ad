package dev.muster.blocks.read;

import org.jspecify.annotations.Nullable;

/// One block's share of an answer. Thread-safe.
final class BlockPart {
    private final BlockEntry entry;
    private final @Nullable SamplesLayout layout;
    private final @Nullable PageFetch pages;
    private volatile boolean failed;

    /// @param layout null where no samples were asked for
    BlockPart(BlockEntry entry, @Nullable SamplesLayout layout, @Nullable PageFetch pages) {
        this.entry = entry;
        this.layout = layout;
        this.pages = pages;
    }

    BlockEntry entry() {
        return entry;
    }

    @Nullable SamplesLayout layout() {
        return layout;
    }

    @Nullable PageFetch pages() {
        return pages;
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
