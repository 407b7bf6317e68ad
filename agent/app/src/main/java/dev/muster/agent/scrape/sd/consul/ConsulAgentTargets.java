package dev.muster.agent.scrape.sd.consul;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.sd.RefreshingDiscovery;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/// An entry of `consul_agent_sd_configs`: the services registered with the Consul agent of this
/// host.
///
/// @param server address of the agent, with the prefix of its paths
/// @param access credentials and the like, the token among its headers
/// @param services names; empty for all
/// @param tags all of which a service must have
/// @param filter in Consul's language; empty for none
/// @param tagSeparator stands between the tags in `__meta_consul_tags`, and around them
/// @param refreshInterval from an answer to the next question
public record ConsulAgentTargets(
        URI server,
        HttpAccess access,
        List<String> services,
        List<String> tags,
        String filter,
        String tagSeparator,
        Duration refreshInterval)
        implements DiscoverySettings {
    public ConsulAgentTargets {
        services = List.copyOf(services);
        tags = List.copyOf(tags);
    }

    @Override
    public String kind() {
        return "consul_agent";
    }

    @Override
    public Discovery open(DiscoveryContext context) {
        ConsulApi api = new ConsulApi(context.http(), server, access);
        return RefreshingDiscovery.start(
                kind(),
                server.toString(),
                refreshInterval,
                new ConsulAgentQuestion(this, api),
                context);
    }
}
