package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An entry of `kubernetes_sd_configs`.
///
/// @param role what becomes a target
/// @param server of the cluster; absent for the one that this process runs in
/// @param namespaces looked at; empty for all
/// @param ownNamespace looks at that of this process, too
/// @param selectors of the objects that are looked at, by their role
/// @param attachNode gives pods and endpoints the labels of their nodes
public record KubernetesTargets(
        KubernetesRole role,
        Optional<KubernetesServer> server,
        List<String> namespaces,
        boolean ownNamespace,
        Map<KubernetesRole, Selector> selectors,
        boolean attachNode)
        implements DiscoverySettings {
    /// Which objects the API server is asked for.
    ///
    /// @param label label selector; empty for none
    /// @param field field selector; empty for none
    public record Selector(String label, String field) {
        static final Selector ALL = new Selector("", "");

        Selector andField(String other) {
            return new Selector(label, field.isEmpty() ? other : field + "," + other);
        }
    }

    public KubernetesTargets {
        namespaces = List.copyOf(namespaces);
        selectors = Map.copyOf(selectors);
        for (KubernetesRole selected : selectors.keySet()) {
            if (!role.lookedAt().contains(selected)) {
                throw new IllegalArgumentException(
                        "selectors of role "
                                + role.text()
                                + " must be for "
                                + role.lookedAt().stream().map(KubernetesRole::text).toList()
                                + ": found="
                                + selected.text());
            }
        }
    }

    @Override
    public String kind() {
        return "kubernetes";
    }

    @Override
    public Discovery open(DiscoveryContext context) {
        return open(context, new InCluster(System.getenv(), InCluster.SERVICE_ACCOUNT));
    }

    Discovery open(DiscoveryContext context, InCluster cluster) {
        KubernetesDiscovery discovery = new KubernetesDiscovery(this, context);
        discovery.start(cluster);
        return discovery;
    }
}
