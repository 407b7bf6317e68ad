package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.agent.scrape.sd.Addresses;
import dev.muster.agent.scrape.sd.LabelNames;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes groups of targets of what is known of a cluster, as Prometheus labels them.
final class KubernetesGroups {
    private static final String PREFIX = ObjectMeta.PREFIX;

    private final ClusterView view;
    private final boolean attachNode;
    private final List<TargetGroup> groups = new ArrayList<>();

    private KubernetesGroups(ClusterView view, boolean attachNode) {
        this.view = view;
        this.attachNode = attachNode;
    }

    static List<TargetGroup> of(KubernetesRole role, ClusterView view, boolean attachNode) {
        KubernetesGroups of = new KubernetesGroups(view, attachNode);
        switch (role) {
            case NODE -> view.nodes().values().forEach(of::addNode);
            case POD -> view.pods().values().forEach(of::addPod);
            case SERVICE -> view.services().values().forEach(of::addService);
            case ENDPOINTS, ENDPOINTSLICE ->
                    view.endpointSets()
                            .forEach(set ->
                                    of.add(new EndpointTargets(set, view, attachNode).group()));
        }
        return of.groups;
    }

    private void add(TargetGroup group) {
        if (!group.targets().isEmpty()) {
            groups.add(group);
        }
    }

    private void addNode(Node node) {
        if (node.address().isEmpty()) {
            return;
        }
        Labels.Builder labels = Labels.builder();
        labels.set(TargetGroup.ADDRESS, Addresses.of(node.address(), node.kubeletPort()));
        labels.set("instance", node.meta().name());
        labels.set(PREFIX + "node_provider_id", node.providerId());
        node.addresses()
                .forEach((type, address) ->
                        labels.set(PREFIX + "node_address_" + LabelNames.of(type), address));
        Labels.Builder shared = Labels.builder();
        node.meta().addTo(shared, "node");
        add(new TargetGroup("node/" + node.meta().name(), List.of(labels.build()), shared.build()));
    }

    private void addService(Service service) {
        List<Labels> targets = new ArrayList<>();
        for (Pod.Port port : service.ports()) {
            Labels.Builder labels = Labels.builder();
            String host = service.meta().name() + "." + service.meta().namespace() + ".svc";
            labels.set(TargetGroup.ADDRESS, Addresses.of(host, port.number()));
            labels.set(PREFIX + "service_port_name", port.name());
            labels.set(PREFIX + "service_port_number", Long.toString(port.number()));
            labels.set(PREFIX + "service_port_protocol", port.protocol());
            labels.set(PREFIX + "service_type", service.type());
            if (service.type().equals("ExternalName")) {
                labels.set(PREFIX + "service_external_name", service.externalName());
            } else {
                labels.set(PREFIX + "service_cluster_ip", service.clusterIp());
            }
            if (service.type().equals("LoadBalancer")) {
                labels.set(PREFIX + "service_loadbalancer_ip", service.loadBalancerIp());
            }
            targets.add(labels.build());
        }
        Labels.Builder shared = Labels.builder();
        shared.set(ObjectMeta.NAMESPACE, service.meta().namespace());
        service.meta().addTo(shared, "service");
        add(new TargetGroup("svc/" + service.meta().key(), targets, shared.build()));
    }

    private void addPod(Pod pod) {
        if (pod.ip().isEmpty()) {
            return;
        }
        List<Labels> targets = new ArrayList<>();
        for (Pod.Container container : pod.containers()) {
            Labels.Builder labels = Labels.builder();
            container.addTo(labels);
            labels.set(PREFIX + "pod_container_id", container.id());
            if (container.ports().isEmpty()) {
                targets.add(labels.set(TargetGroup.ADDRESS, pod.ip()).build());
            }
            for (Pod.Port port : container.ports()) {
                port.addTo(labels);
                String address = Addresses.of(pod.ip(), port.number());
                targets.add(labels.set(TargetGroup.ADDRESS, address).build());
            }
        }
        Labels.Builder shared = Labels.builder();
        shared.set(ObjectMeta.NAMESPACE, pod.meta().namespace());
        pod.addTo(shared);
        if (attachNode) {
            @Nullable Node node = view.nodes().get("/" + pod.nodeName());
            if (node != null) {
                node.meta().addTo(shared, "node");
            }
        }
        add(new TargetGroup("pod/" + pod.meta().key(), targets, shared.build()));
    }
}
