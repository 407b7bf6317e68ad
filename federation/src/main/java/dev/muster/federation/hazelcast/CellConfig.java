package dev.muster.federation.hazelcast;

import dev.muster.federation.member.Names;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How an agent takes part in its cell.
///
/// @param cell name of the cell
/// @param host name of this agent's host, unique in the cell and the same after a restart
/// @param httpUrl where the others find this agent's HTTP port
/// @param address the one address to bind and to be known by
/// @param port the member port, 1 to 65535
/// @param seeds `address:port` of agents to look for; may name this one
/// @param directory where the incarnation and the last roster are kept
/// @param secret if present, members must prove that they know it
public record CellConfig(
        String cell,
        String host,
        String httpUrl,
        String address,
        int port,
        List<String> seeds,
        Path directory,
        Optional<String> secret) {
    public CellConfig {
        Names.refuseBadCell(cell);
        Names.refuseBadHost(host);
        Names.refuseLongUrl(httpUrl);
        seeds = List.copyOf(seeds);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("cell port must be 1 to 65535: port=" + port);
        }
    }

    /// A cell without a secret.
    public static CellConfig of(
            String cell,
            String host,
            String httpUrl,
            String address,
            int port,
            List<String> seeds,
            Path directory) {
        return new CellConfig(
                cell, host, httpUrl, address, port, seeds, directory, Optional.empty());
    }

    /// The same with a secret that all members of the cell must know.
    public CellConfig withSecret(String shared) {
        return new CellConfig(
                cell, host, httpUrl, address, port, seeds, directory, Optional.of(shared));
    }

    /// The agent's Hazelcast member.
    MemberPlace place() {
        return new MemberPlace("muster-" + cell, host, address, port, seeds, secret);
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "CellConfig[cell="
                + cell
                + ", host="
                + host
                + ", httpUrl="
                + httpUrl
                + ", address="
                + address
                + ", port="
                + port
                + ", seeds="
                + seeds
                + ", secret="
                + (secret.isPresent() ? "given" : "none")
                + "]";
    }
}
