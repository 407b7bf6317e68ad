package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.KubernetesScope;
import dev.muster.agent.scrape.sd.Findings;
import dev.muster.agent.scrape.sd.Found;
import dev.muster.agent.scrape.sd.kubernetes.EndpointSet.Endpoint;
import dev.muster.agent.scrape.sd.kubernetes.KubernetesTargets.Selector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Watches the objects that a role needs and makes targets of them. Thread-safe.
final class KubernetesDiscovery implements Discovery, ObjectWatch.Listener {
    /// From a change until targets follow, so that many changes at once are one look.
    private static final long LOOK_DELAY_MS = 100;

    private final KubernetesTargets settings;
    private final DiscoveryContext context;
    private final Findings findings;
    private final List<ObjectWatch<Pod>> pods = new ArrayList<>();
    private final List<ObjectWatch<Service>> services = new ArrayList<>();
    private final List<ObjectWatch<Node>> nodes = new ArrayList<>();
    private final List<ObjectWatch<EndpointSet>> endpoints = new ArrayList<>();
    private boolean looking;
    private boolean closed;

    KubernetesDiscovery(KubernetesTargets settings, DiscoveryContext context) {
        this.settings = settings;
        this.context = context;
        findings = new Findings(settings.kind(), settings.role().text(), context);
    }

    synchronized void start(InCluster cluster) {
        KubernetesScope scope = context.kubernetes();
        if (!scope.cluster() && scope.node().isEmpty()) {
            findings.failed(
                    "node name must be known: set NODE_NAME or muster.scrape.kubernetes-node, or"
                            + " muster.scrape.kubernetes-scope=cluster");
            return;
        }
        try {
            KubernetesServer server =
                    settings.server().isPresent() ? settings.server().get() : cluster.server();
            List<String> namespaces = new ArrayList<>(settings.namespaces());
            if (settings.ownNamespace()) {
                namespaces.add(cluster.namespace());
            }
            watch(
                    new KubernetesApi(context.http(), server),
                    namespaces.isEmpty() ? List.of("") : namespaces);
        } catch (IOException e) {
            findings.failed(String.valueOf(e.getMessage()));
        }
    }

    private void watch(KubernetesApi api, List<String> namespaces) {
        KubernetesRole role = settings.role();
        for (String namespace : namespaces) {
            if (role.lookedAt().contains(KubernetesRole.POD)) {
                pods.add(watch(api, KubernetesRole.POD, namespace, Pod::of));
            }
            if (role.lookedAt().contains(KubernetesRole.SERVICE)) {
                services.add(watch(api, KubernetesRole.SERVICE, namespace, Service::of));
            }
            if (role == KubernetesRole.ENDPOINTS) {
                endpoints.add(
                        watch(
                                api,
                                role,
                                namespace,
                                object -> EndpointSet.ofEndpoints(object, this::mayBeHere)));
            }
            if (role == KubernetesRole.ENDPOINTSLICE) {
                endpoints.add(
                        watch(
                                api,
                                role,
                                namespace,
                                object -> EndpointSet.ofSlice(object, this::mayBeHere)));
            }
        }
        if (role == KubernetesRole.NODE || settings.attachNode()) {
            nodes.add(watch(api, KubernetesRole.NODE, "", Node::of));
        }
        all().forEach(ObjectWatch::start);
    }

    private <T> ObjectWatch<T> watch(
            KubernetesApi api, KubernetesRole role, String namespace, ObjectWatch.Shape<T> shape) {
        Selector selector = settings.selectors().getOrDefault(role, Selector.ALL);
        boolean few = false;
        if (!context.kubernetes().cluster()) {
            String node = context.kubernetes().node().orElseThrow();
            if (role == KubernetesRole.POD) {
                selector = selector.andField("spec.nodeName=" + node);
                few = true;
            } else if (role == KubernetesRole.NODE) {
                selector = selector.andField("metadata.name=" + node);
                few = true;
            }
        }
        String path = role.path(role.namespaced() ? namespace : "");
        return new ObjectWatch<>(api, path, selector, few, shape, context, this);
    }

    /// Can the endpoint be of this node? One that does not say is here if its pod is.
    private boolean mayBeHere(Endpoint endpoint) {
        return context.kubernetes().cluster()
                || context.kubernetes().node().orElseThrow().equals(endpoint.nodeName())
                || (endpoint.nodeName().isEmpty() && endpoint.reference().isPod());
    }

    private List<ObjectWatch<?>> all() {
        List<ObjectWatch<?>> all = new ArrayList<>();
        all.addAll(pods);
        all.addAll(services);
        all.addAll(nodes);
        all.addAll(endpoints);
        return all;
    }

    @Override
    public synchronized void changed() {
        if (!looking && !closed) {
            looking = true;
            context.timers()
                    .after(LOOK_DELAY_MS, () -> context.threads().newThread(this::look).start());
        }
    }

    @Override
    public synchronized void failed(String error) {
        if (!closed) {
            findings.failed(error);
        }
    }

    private synchronized void look() {
        looking = false;
        boolean known = all().stream().allMatch(ObjectWatch::listed);
        if (closed || !known) {
            return;
        }
        TreeSet<String> errors = new TreeSet<>();
        all().forEach(watch -> errors.add(watch.error()));
        errors.remove("");
        Map<String, Pod> podsNow = merged(pods);
        List<EndpointSet> endpointsNow = new ArrayList<>();
        for (EndpointSet set : merged(endpoints).values()) {
            endpointsNow.add(here(set, podsNow));
        }
        ClusterView view = new ClusterView(podsNow, merged(services), merged(nodes), endpointsNow);
        findings.found(
                new Found(
                        KubernetesGroups.of(settings.role(), view, settings.attachNode()),
                        errors.isEmpty() ? "" : errors.first()));
    }

    /// Without endpoints of pods that turn out not to be here.
    private EndpointSet here(EndpointSet set, Map<String, Pod> podsNow) {
        if (context.kubernetes().cluster()) {
            return set;
        }
        List<Endpoint> endpointsHere =
                set.endpoints().stream()
                        .filter(endpoint ->
                                !endpoint.nodeName().isEmpty()
                                        || podsNow.containsKey(
                                                endpoint.reference().namespace()
                                                        + "/"
                                                        + endpoint.reference().name()))
                        .toList();
        return new EndpointSet(set.meta(), set.role(), set.service(), set.labels(), endpointsHere);
    }

    private static <T> Map<String, T> merged(List<ObjectWatch<T>> watches) {
        Map<String, T> all = new TreeMap<>();
        watches.forEach(watch -> all.putAll(watch.objects()));
        return all;
    }

    @Override
    public String kind() {
        return settings.kind();
    }

    @Override
    public DiscoveryState state() {
        return findings.state();
    }

    @Override
    public synchronized void close() {
        closed = true;
        all().forEach(ObjectWatch::stop);
    }
}
