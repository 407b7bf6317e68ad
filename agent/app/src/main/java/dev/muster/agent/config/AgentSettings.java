package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/// Who this agent is: `muster.agent.*`.
@ConfigMapping(prefix = "muster.agent")
public interface AgentSettings {
    /// Name of the host, unique in the cell, the same after a restart. Default: the host's name.
    Optional<String> host();

    /// Name of the cell it belongs to.
    @WithDefault("default")
    String cell();

    /// Directory for all that it keeps on disk; created if missing; used by one agent at a time.
    @WithDefault("data")
    Path dataDir();

    /// Where other agents and query nodes find its HTTP port. Default: `http://` with
    /// `muster.http.host` and `muster.http.port`.
    Optional<String> advertisedUrl();

    /// Where people reach a query node, such as `http://muster.example`: links of `/why` lead
    /// there.
    Optional<String> queryUrl();
}
