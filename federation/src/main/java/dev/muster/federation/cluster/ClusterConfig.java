package dev.muster.federation.cluster;

import dev.muster.federation.hazelcast.MemberPlace;
import dev.muster.federation.member.Names;
import java.util.List;
import java.util.Optional;

/// How a query node takes part in the cluster of query nodes.
///
/// @param name name of the cluster
/// @param node name of this node, unique in the cluster
/// @param url where the others reach this node's HTTP port
/// @param address the one address to bind and to be known by
/// @param port the member port, 1 to 65535
/// @param seeds `address:port` of nodes to look for; may name this one; at least one
/// @param secret known by all nodes of the cluster, at least 8 characters
public record ClusterConfig(
        String name,
        String node,
        String url,
        String address,
        int port,
        List<String> seeds,
        String secret) {
    public ClusterConfig {
        Names.refuseBadCell(name);
        Names.refuseBadHost(node);
        Names.refuseLongUrl(url);
        seeds = List.copyOf(seeds);
        if (seeds.isEmpty()) {
            throw new IllegalArgumentException("cluster seeds must not be empty");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("cluster port must be 1 to 65535: port=" + port);
        }
        if (secret.length() < 8) {
            throw new IllegalArgumentException(
                    "cluster secret must be at least 8 characters: length=" + secret.length());
        }
    }

    /// The version stands in the name of the cluster: nodes that speak another one do not meet.
    MemberPlace place() {
        return new MemberPlace(
                "muster-query-v2-" + name, node, address, port, seeds, Optional.of(secret));
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "ClusterConfig[name="
                + name
                + ", node="
                + node
                + ", url="
                + url
                + ", address="
                + address
                + ", port="
                + port
                + ", seeds="
                + seeds
                + "]";
    }
}
