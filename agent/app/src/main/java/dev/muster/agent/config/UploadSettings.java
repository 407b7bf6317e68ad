package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Shipping of blocks: `muster.upload.*`.
@ConfigMapping(prefix = "muster.upload")
public interface UploadSettings {
    /// How long samples stay here after their block is safe in the store, so that query nodes see
    /// the block before.
    @WithDefault("10m")
    Duration retain();

    /// Longest pause between two attempts while the store is away; the first pause is 1 s.
    @WithDefault("1m")
    Duration retryMax();

    /// How often it is looked for windows that have ended.
    @WithDefault("10s")
    Duration interval();
}
