package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// The log of how the cell changes: `muster.upness.*`.
@ConfigMapping(prefix = "muster.upness")
public interface UpnessSettings {
    /// Most bytes of the log on disk; beyond, its oldest segments go. At least 4MB.
    @WithDefault("64MB")
    String maxSize();

    /// How long the log is kept on disk; what was shipped stays in the store.
    @WithDefault("48h")
    Duration retain();
}
