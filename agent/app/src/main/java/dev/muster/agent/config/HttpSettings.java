package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// The HTTP port: `muster.http.*`.
@ConfigMapping(prefix = "muster.http")
public interface HttpSettings {
    /// Address to listen on.
    @WithDefault("127.0.0.1")
    String host();

    /// Port to listen on, 0 to 65535; 0 takes any free one.
    @WithDefault("9640")
    int port();
}
