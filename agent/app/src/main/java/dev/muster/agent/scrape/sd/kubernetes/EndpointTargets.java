package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.sd.Addresses;
import dev.muster.agent.scrape.sd.kubernetes.EndpointSet.Endpoint;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Targets of one set of endpoints: each endpoint, and each other port of the pods behind them.
final class EndpointTargets {
    private final EndpointSet set;
    private final ClusterView view;
    private final boolean attachNode;
    private final List<Labels> targets = new ArrayList<>();

    /// Ports of the service, by pod.
    private final Map<Pod, Set<Long>> servicePorts = new LinkedHashMap<>();

    EndpointTargets(EndpointSet set, ClusterView view, boolean attachNode) {
        this.set = set;
        this.view = view;
        this.attachNode = attachNode;
    }

    TargetGroup group() {
        set.endpoints().forEach(this::add);
        servicePorts.forEach(this::addOtherPorts);
        Labels.Builder shared = Labels.builder();
        shared.set(ObjectMeta.NAMESPACE, set.meta().namespace());
        @Nullable Service service =
                view.services().get(set.meta().namespace() + "/" + set.service());
        if (service != null) {
            service.meta().addTo(shared, "service");
        }
        set.meta().addTo(shared, set.role());
        set.labels().forEach(shared::set);
        return new TargetGroup(set.role() + "/" + set.meta().key(), targets, shared.build());
    }

    private void add(Endpoint endpoint) {
        Labels.Builder labels = endpoint.labels().toBuilder();
        String address =
                endpoint.port()
                        .map(port -> Addresses.of(endpoint.address(), port))
                        .orElse(endpoint.address());
        labels.set(TargetGroup.ADDRESS, address);
        if (attachNode) {
            addNode(endpoint, labels);
        }
        Optional<Pod> pod = view.pod(endpoint.reference());
        if (pod.isPresent()) {
            addPod(endpoint, pod.get(), labels);
        }
        targets.add(labels.build());
    }

    private void addNode(Endpoint endpoint, Labels.Builder labels) {
        boolean isNode = endpoint.reference().kind().equals("Node");
        String name =
                endpoint.nodeName().isEmpty() && isNode
                        ? endpoint.reference().name()
                        : endpoint.nodeName();
        @Nullable Node node = view.nodes().get("/" + name);
        if (node != null) {
            node.meta().addTo(labels, "node");
        }
    }

    private void addPod(Endpoint endpoint, Pod pod, Labels.Builder labels) {
        pod.addTo(labels);
        Set<Long> ports = servicePorts.computeIfAbsent(pod, _ -> new HashSet<>());
        endpoint.port().ifPresent(ports::add);
        for (Pod.Container container : pod.containers()) {
            for (Pod.Port port : container.ports()) {
                if (endpoint.port().equals(Optional.of(port.number()))) {
                    container.addTo(labels);
                    new Pod.Port(port.name(), port.number(), endpoint.protocol()).addTo(labels);
                    break;
                }
            }
        }
    }

    private void addOtherPorts(Pod pod, Set<Long> ports) {
        if (pod.ip().isEmpty()) {
            return;
        }
        for (Pod.Container container : pod.containers()) {
            for (Pod.Port port : container.ports()) {
                if (!ports.contains(port.number())) {
                    Labels.Builder labels = Labels.builder();
                    pod.addTo(labels);
                    container.addTo(labels);
                    port.addTo(labels);
                    String address = Addresses.of(pod.ip(), port.number());
                    targets.add(labels.set(TargetGroup.ADDRESS, address).build());
                }
            }
        }
    }
}
