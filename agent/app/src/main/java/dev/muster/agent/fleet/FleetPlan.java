package dev.muster.agent.fleet;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How the agent takes part in the fleet.
///
/// @param host name of this agent's host
/// @param httpUrl where others reach it
/// @param zone where the host is; empty if not told
/// @param mapFile the map of cells, if there is one
/// @param namedCell whether the configuration names the cell, so that the map does not choose it
/// @param seeds URLs of agents of other cells to begin with
/// @param secret shared by all agents and query nodes of the fleet, if there is one
/// @param directory where the last cell and the directory are kept
/// @param port member port of the first cell
/// @param movePort member port while the agent moves to another cell, and after it
public record FleetPlan(
        String host,
        String httpUrl,
        String zone,
        Optional<Path> mapFile,
        boolean namedCell,
        List<String> seeds,
        Optional<String> secret,
        Path directory,
        int port,
        int movePort) {
    public FleetPlan {
        seeds = List.copyOf(seeds);
        if (mapFile.isPresent() && port == movePort) {
            throw new IllegalArgumentException(
                    "move-port must differ from the member port: found=" + movePort);
        }
    }

    /// Whether the map may choose the cell.
    public boolean chooses() {
        return mapFile.isPresent() && !namedCell;
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "FleetPlan[host="
                + host
                + ", httpUrl="
                + httpUrl
                + ", zone="
                + zone
                + ", mapFile="
                + mapFile
                + ", seeds="
                + seeds
                + ", secret="
                + (secret.isPresent() ? "given" : "none")
                + "]";
    }
}
