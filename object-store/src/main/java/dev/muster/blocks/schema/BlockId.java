package dev.muster.blocks.schema;

import dev.muster.model.time.TimeRange;

/// The identity of a block, from which the keys of its files follow.
///
/// @param cell the cell of the agent
/// @param host the agent's host
/// @param range the window: every sample of the block lies in it
/// @param level how far it has been merged
public record BlockId(String cell, String host, TimeRange range, BlockLevel level) {
    /// The block of one agent and window.
    public BlockId(String cell, String host, TimeRange range) {
        this(cell, host, range, BlockLevel.L0);
    }

    /// Key of the file with the samples.
    public String samplesKey() {
        throw new UnsupportedOperationException("follows");
    }

    /// Key of the file with the series. The block is visible when it exists.
    public String seriesKey() {
        throw new UnsupportedOperationException("follows");
    }
}
