package dev.muster.query;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// `muster.compaction`: how small blocks are merged into large ones. The same on all query nodes.
interface CompactionKeys {
    /// Whether this node merges blocks.
    @WithDefault("true")
    boolean enabled();

    /// Pause between two looks for what is due. At least a second.
    @WithDefault("5m")
    Duration interval();

    /// How long ago a window, or a day, must have ended. At most 7 days.
    @WithDefault("1h")
    Duration minAge();

    /// How long replaced files stay for readers that do not know it yet. At least an hour.
    @WithDefault("24h")
    Duration grace();

    /// Largest file of samples that a merge should make; what would be larger is divided by metric.
    @WithDefault("512M")
    MemorySize maxSize();

    /// Memory of a merge, roughly; an eighth of the heap where it is not set. What would take more
    /// is merged in several.
    Optional<MemorySize> memory();

    /// Most blocks of one merge.
    @WithDefault("256")
    int maxBlocks();

    /// Longest wait for queries after each row group.
    @WithDefault("2s")
    Duration maxWait();

    /// Where merged blocks are written before they are shipped; `compaction` in the directory of
    /// the cache, else in that for temporary files.
    Optional<String> directory();
}
