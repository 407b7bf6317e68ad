package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Services of lost peers, which this agent scrapes in their place: `muster.takeover.*`.
@ConfigMapping(prefix = "muster.takeover")
public interface TakeoverSettings {
    /// Does it? Peers may always do it for this agent.
    @WithDefault("true")
    boolean enabled();

    /// Most scrapes a second for all lost peers together, 1 to 10,000; what is more is unknown.
    @WithDefault("200")
    int scrapesPerSecond();

    /// Most scrapes a second for one of them.
    @WithDefault("100")
    int hostScrapesPerSecond();

    /// Most peers whose samples are held at one time, 1 to 64.
    @WithDefault("16")
    int hostsLimit();

    /// Memory that series of lost peers may take; more of them fold, as with
    /// `muster.scrape.memory-budget`.
    @WithDefault("32MB")
    String memoryBudget();

    /// Most bytes of their bodies at one time.
    @WithDefault("16MB")
    String bodyMemoryLimit();

    /// From one look at a service to the next once its host is known to be down, 1 s to 1 min.
    @WithDefault("5s")
    Duration downInterval();
}
