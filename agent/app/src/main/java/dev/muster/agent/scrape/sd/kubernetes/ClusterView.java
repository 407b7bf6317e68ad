package dev.muster.agent.scrape.sd.kubernetes;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is known of a cluster at one moment, by namespace and name.
record ClusterView(
        Map<String, Pod> pods,
        Map<String, Service> services,
        Map<String, Node> nodes,
        Collection<EndpointSet> endpointSets) {
    Optional<Pod> pod(EndpointSet.Reference reference) {
        @Nullable Pod pod =
                reference.isPod() ? pods.get(reference.namespace() + "/" + reference.name()) : null;
        return Optional.ofNullable(pod);
    }
}
