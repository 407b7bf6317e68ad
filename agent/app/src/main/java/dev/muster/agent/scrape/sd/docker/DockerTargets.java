package dev.muster.agent.scrape.sd.docker;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.sd.RefreshingDiscovery;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// An entry of `docker_sd_configs`.
///
/// @param host of the daemon: `unix:///path`, `tcp://host:port`, `http://…` or `https://…`
/// @param access credentials and the like, for `http` and `https`
/// @param port of containers that expose none
/// @param hostNetworkingHost address of containers in the network of the host
/// @param matchFirstNetwork takes only the first network of a container by name
/// @param filters of containers, as the daemon names them
/// @param refreshInterval from an answer to the next question
public record DockerTargets(
        URI host,
        HttpAccess access,
        int port,
        String hostNetworkingHost,
        boolean matchFirstNetwork,
        Map<String, List<String>> filters,
        Duration refreshInterval)
        implements DiscoverySettings {
    public DockerTargets {
        filters = Map.copyOf(filters);
        boolean unix = "unix".equals(host.getScheme()) && !host.getPath().isEmpty();
        boolean tcp =
                List.of("tcp", "http", "https").contains(String.valueOf(host.getScheme()))
                        && host.getHost() != null;
        if (!unix && !tcp) {
            throw new IllegalArgumentException(
                    "host must be unix:///path, tcp://host:port, http://host or https://host:"
                            + " found="
                            + host);
        }
    }

    @Override
    public String kind() {
        return "docker";
    }

    @Override
    public Discovery open(DiscoveryContext context) {
        return RefreshingDiscovery.start(
                kind(),
                host.toString(),
                refreshInterval,
                new DockerQuestion(this, context.http()),
                context);
    }
}
