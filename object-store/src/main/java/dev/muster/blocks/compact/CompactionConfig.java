package dev.muster.blocks.compact;

import dev.muster.blocks.write.BlockWriterConfig;
import java.time.Duration;

/// What is merged, and within which limits.
///
/// @param minAge how long ago a window, or a day, must have ended; 0 to 7 days
/// @param grace how long replaced files stay for readers that do not know it yet; at least 1 hour
/// @param maxBytes largest file of samples that a merge should make: of more, parts by metric; at
///   least 1 MiB
/// @param memoryBytes memory of one merge, roughly: what would take more is merged in several
/// @param inputs most blocks of one merge, 2 to 4,096
/// @param writer how merged blocks are written
public record CompactionConfig(
        Duration minAge,
        Duration grace,
        long maxBytes,
        long memoryBytes,
        int inputs,
        BlockWriterConfig writer) {
    /// An hour, a day; 512 MiB a file, 96 MiB of memory, 256 blocks.
    public static final CompactionConfig DEFAULT =
            new CompactionConfig(
                    Duration.ofHours(1),
                    Duration.ofHours(24),
                    512L << 20,
                    96L << 20,
                    256,
                    BlockWriterConfig.MERGED);

    private static final long LEAST_FILE_BYTES = 1 << 20;

    public CompactionConfig {
        if (minAge.isNegative() || minAge.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException(
                    "compaction: min age must be within 0 and 7 days: found=" + minAge);
        }
        if (grace.compareTo(Duration.ofHours(1)) < 0) {
            throw new IllegalArgumentException(
                    "compaction: grace must be at least 1 hour: found=" + grace);
        }
        if (maxBytes < LEAST_FILE_BYTES || memoryBytes < LEAST_FILE_BYTES) {
            throw new IllegalArgumentException(
                    "compaction: max bytes and memory must be at least 1 MiB: maxBytes=%d, memoryBytes=%d"
                            .formatted(maxBytes, memoryBytes));
        }
        if (inputs < 2 || inputs > 4_096) {
            throw new IllegalArgumentException(
                    "compaction: blocks of a merge must be within 2 and 4096: found=" + inputs);
        }
    }

    /// The same with other limits of one merge.
    public CompactionConfig within(long fileBytes, long memory, int blocks) {
        return new CompactionConfig(minAge, grace, fileBytes, memory, blocks, writer);
    }

    /// The same with other times.
    public CompactionConfig after(Duration age, Duration stay) {
        return new CompactionConfig(age, stay, maxBytes, memoryBytes, inputs, writer);
    }
}
