package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Recent samples on this host: `muster.head.*`.
@ConfigMapping(prefix = "muster.head")
public interface HeadSettings {
    /// Length of the spans that become blocks, 1 min to 1 d, a divisor of a day.
    @WithDefault("2h")
    Duration window();

    /// How far behind the clock samples are taken; a window becomes a block so long after its end.
    @WithDefault("10m")
    Duration outOfOrderWindow();

    /// Most series held at once.
    @WithDefault("1000000")
    int seriesLimit();

    /// Most exemplars kept of all series together, the newest; 0 keeps none.
    @WithDefault("10000")
    int exemplarLimit();

    /// A series without a sample for so long is taken out of memory; its samples stay.
    @WithDefault("5m")
    Duration idleTimeout();

    /// How often the log is forced to the disk: what a power loss may cost.
    @WithDefault("5s")
    Duration syncInterval();

    /// Bytes on disk beyond which the oldest window is dropped, such as `16GB`.
    @WithDefault("16GB")
    String diskLimit();
}
