package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// The agent's part in its cell: `muster.cell.*`.
@ConfigMapping(prefix = "muster.cell")
public interface CellSettings {
    /// Address that other agents reach this one at; the member port listens there.
    @WithDefault("127.0.0.1")
    String address();

    /// Member port, 1 to 65535.
    @WithDefault("9641")
    int port();

    /// `address:port` of agents to look for, separated by commas. Default: none.
    Optional<List<String>> seeds();

    /// Shared by all agents of the cell; who does not know it is refused. Default: none.
    Optional<String> secret();
}
