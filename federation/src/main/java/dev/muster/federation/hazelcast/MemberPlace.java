package dev.muster.federation.hazelcast;

import dev.muster.federation.member.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;

/// Where a Hazelcast member listens, and whom it looks for.
///
/// @param cluster name of its cluster, without Hazelcast's generation
/// @param node name of the member, unique in the cluster
/// @param address the one address to bind and to be known by
/// @param port the member port, 1 to 65535
/// @param seeds `address:port` of members to look for; may name this one
/// @param secret if present, members must prove that they know it
/// @param generation of Hazelcast, as it ends the cluster's name: those of different ones do not
///   meet
public record MemberPlace(
        String cluster,
        String node,
        String address,
        int port,
        List<String> seeds,
        Optional<String> secret,
        String generation) {
    public MemberPlace {
        Names.refuseBadHost(node);
        seeds = List.copyOf(seeds);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("member port must be 1 to 65535: port=" + port);
        }
    }

    /// A member of the generation that is built in.
    public MemberPlace(
            String cluster,
            String node,
            String address,
            int port,
            List<String> seeds,
            Optional<String> secret) {
        this(cluster, node, address, port, seeds, secret, MemberConfig.GENERATION);
    }

    MemberPlace withGeneration(String other) {
        return new MemberPlace(cluster, node, address, port, seeds, secret, other);
    }

    /// Fails now, with words, where Hazelcast would fail later and again and again.
    ///
    /// @param what begins the message, such as `cell`
    /// @throws IOException if the port is in use
    public void refusePortInUse(String what) throws IOException {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        } catch (IOException e) {
            throw new IOException(
                    what
                            + " address="
                            + address
                            + " port="
                            + port
                            + ": port must be free to listen on: found="
                            + e.getMessage(),
                    e);
        }
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "MemberPlace[cluster="
                + cluster
                + ", node="
                + node
                + ", address="
                + address
                + ", port="
                + port
                + ", seeds="
                + seeds
                + ", secret="
                + (secret.isPresent() ? "given" : "none")
                + ", generation="
                + generation
                + "]";
    }
}
