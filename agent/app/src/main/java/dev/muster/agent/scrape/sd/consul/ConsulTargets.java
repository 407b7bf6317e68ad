package dev.muster.agent.scrape.sd.consul;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.HttpAccess;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// An entry of `consul_sd_configs`: services in the catalog of a datacenter.
///
/// @param server address of an agent or server of Consul, with the prefix of its paths
/// @param access credentials and the like, the token among its headers
/// @param query which services
/// @param refreshInterval changes of one list are looked at so often at most
public record ConsulTargets(URI server, HttpAccess access, Query query, Duration refreshInterval)
        implements DiscoverySettings {
    /// What is asked for; what is empty does not restrict.
    ///
    /// @param datacenter that of the server, if empty
    /// @param namespace of the services
    /// @param partition of the services
    /// @param services names
    /// @param tags all of which a service must have
    /// @param nodeMeta all of which the node of a service must have
    /// @param filter of the catalog, in Consul's language
    /// @param healthFilter of the instances of a service, in Consul's language
    /// @param tagSeparator stands between the tags in `__meta_consul_tags`, and around them
    /// @param allowStale any server may answer
    public record Query(
            String datacenter,
            String namespace,
            String partition,
            List<String> services,
            List<String> tags,
            Map<String, String> nodeMeta,
            String filter,
            String healthFilter,
            String tagSeparator,
            boolean allowStale) {
        public Query {
            services = List.copyOf(services);
            tags = List.copyOf(tags);
            nodeMeta = Map.copyOf(nodeMeta);
        }

        /// Must the catalog be asked which services there are?
        boolean needsCatalog() {
            return services.isEmpty() || !tags.isEmpty();
        }

        boolean wants(String service, List<String> itsTags) {
            return (services.isEmpty() || services.contains(service)) && itsTags.containsAll(tags);
        }
    }

    @Override
    public String kind() {
        return "consul";
    }

    @Override
    public Discovery open(DiscoveryContext context) {
        ConsulDiscovery discovery = new ConsulDiscovery(this, context);
        discovery.start();
        return discovery;
    }
}
