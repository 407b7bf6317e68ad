package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The agent's part in its cell: `muster.cell.*`.
@ConfigMapping(prefix = "muster.cell")
public interface CellSettings {
    /// Address that other agents reach this one at; the member port and the UDP port listen there.
    @WithDefault("127.0.0.1")
    String address();

    /// Member port, 1 to 65535.
    @WithDefault("9641")
    int port();

    /// May agents send each other datagrams? Without, loss is noticed later.
    @WithDefault("true")
    boolean udp();

    /// Port for datagrams, 0 to 65535; 0 for any that is free. Default: the number of the member
    /// port.
    OptionalInt udpPort();

    /// What fails as one and holds this host, such as an availability zone. Default: not told.
    Optional<String> zone();

    /// What hangs on one switch and one fuse in the zone. Default: not told.
    Optional<String> rack();

    /// File with the map of cells; the agent then chooses its cell, unless `muster.agent.cell`
    /// names one. Default: none.
    Optional<Path> map();

    /// Member port of another cell while the agent moves there, and after it, 1 to 65535.
    @WithDefault("9642")
    int movePort();

    /// URLs of agents of other cells to begin the directory with, separated by commas. Default:
    /// none.
    Optional<List<String>> directorySeeds();

    /// Shared by all agents and query nodes of the fleet; what others say of the directory without
    /// knowing it is refused. Default: none.
    Optional<String> directorySecret();

    /// `address:port` of agents to look for, separated by commas. Default: none.
    Optional<List<String>> seeds();

    /// Label selector of the pods of this cell, which are looked for too. Default: none.
    Optional<String> kubernetesSelector();

    /// Namespace of these pods. Default: that of this pod.
    Optional<String> kubernetesNamespace();

    /// Shared by all agents of the cell; who does not know it is refused. Default: none.
    Optional<String> secret();

    /// What a stop of the agent means: `restart`, it comes back at once, or `leave`, for good.
    @WithDefault("restart")
    String onStop();

    /// How long it may be away after a stop that means a restart, 1 s to 1 h.
    @WithDefault("30s")
    Duration restartTime();

    /// How long others are given to look after its services before it stops, 0 s to 10 s.
    @WithDefault("2s")
    Duration handOver();
}
