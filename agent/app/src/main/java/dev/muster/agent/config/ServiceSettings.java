package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/// Services that register themselves: `muster.services.*`.
@ConfigMapping(prefix = "muster.services")
public interface ServiceSettings {
    /// May services register?
    @WithDefault("true")
    boolean registration();

    /// What they have to show to do so. Default: none, and then only programs of this host may, and
    /// only while the HTTP port listens on loopback.
    Optional<String> token();

    /// Which addresses they may register: `host` for loopback and those of this host, `any`.
    @WithDefault("host")
    String addresses();
}
