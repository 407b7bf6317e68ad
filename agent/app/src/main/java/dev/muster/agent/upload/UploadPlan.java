package dev.muster.agent.upload;

import dev.muster.blocks.schema.BlockId;
import dev.muster.model.time.TimeRange;
import java.nio.file.Path;
import java.time.Duration;

/// How blocks are shipped.
///
/// @param cell name of the cell, part of a block's name
/// @param host name of the host, part of a block's name
/// @param by name of the host that took the samples in its place; empty where it did itself
/// @param directory for blocks on their way and for what is known to have arrived
/// @param interval how often it is looked for closed windows; positive
/// @param retain how long a window stays after its block is confirmed
/// @param retryMax longest pause between two attempts; at least [#FIRST_RETRY]
public record UploadPlan(
        String cell,
        String host,
        String by,
        Path directory,
        Duration interval,
        Duration retain,
        Duration retryMax) {
    public static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    public UploadPlan {
        if (!interval.isPositive()) {
            throw new IllegalArgumentException("interval must be positive: found=" + interval);
        }
        if (retain.isNegative()) {
            throw new IllegalArgumentException("retain must not be negative: found=" + retain);
        }
        if (retryMax.compareTo(FIRST_RETRY) < 0) {
            throw new IllegalArgumentException("retry max must be at least 1s: found=" + retryMax);
        }
    }

    /// Of an agent's own samples.
    public UploadPlan(
            String cell,
            String host,
            Path directory,
            Duration interval,
            Duration retain,
            Duration retryMax) {
        this(cell, host, BlockId.OWN, directory, interval, retain, retryMax);
    }

    BlockId block(TimeRange window) {
        return by.isEmpty()
                ? new BlockId(cell, host, window)
                : BlockId.taken(cell, host, by, window);
    }
}
