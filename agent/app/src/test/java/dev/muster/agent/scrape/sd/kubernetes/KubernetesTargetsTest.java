package dev.muster.agent.scrape.sd.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.KubernetesScope;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.sd.DiscoveryBench;
import dev.muster.agent.scrape.sd.kubernetes.KubernetesTargets.Selector;
import dev.muster.model.labels.Labels;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against an API server on loopback with real streams.
class KubernetesTargetsTest {
    private static final String PODS = "/api/v1/pods";
    private static final String NODES = "/api/v1/nodes";
    private static final String SERVICES = "/api/v1/services";
    private static final String ENDPOINTS = "/api/v1/endpoints";
    private static final String SLICES = "/apis/discovery.k8s.io/v1/endpointslices";
    private static final Duration STEP = Duration.ofSeconds(1);

    @TempDir private Path directory;

    private final DiscoveryBench bench = new DiscoveryBench();
    private final FakeKubernetes cluster = new FakeKubernetes();

    @AfterEach
    void close() {
        cluster.close();
    }

    private KubernetesTargets settings(
            KubernetesRole role, Map<KubernetesRole, Selector> selectors, boolean attachNode) {
        return new KubernetesTargets(
                role,
                Optional.of(new KubernetesServer(cluster.uri(), HttpAccess.DEFAULT)),
                List.of(),
                false,
                selectors,
                attachNode);
    }

    private Discovery open(KubernetesRole role) {
        return settings(role, Map.of(), false).open(bench.context(cluster.requests()));
    }

    private Discovery openWhole(KubernetesRole role) {
        KubernetesScope all = new KubernetesScope(Optional.empty(), true);
        return settings(role, Map.of(), false).open(bench.context(cluster.requests(), all));
    }

    /// Lets the look at what changed happen.
    private DiscoveryState until(Discovery discovery, int targets) {
        return bench.next(
                discovery,
                Duration.ofMillis(100),
                state ->
                        state.updatedMs() > 0
                                && state.groups().stream()
                                                .mapToInt(group -> group.targets().size())
                                                .sum()
                                        == targets);
    }

    private static JsonObject pod(String name, String node, String ip) {
        return new JsonObject(
                """
                {"metadata": {"namespace": "shop", "name": "%s", "uid": "u-%s",
                   "labels": {"app.kubernetes.io/name": "web"},
                   "annotations": {"prometheus.io/scrape": "true"},
                   "ownerReferences": [
                     {"kind": "X", "name": "no"},
                     {"kind": "ReplicaSet", "name": "web-5d", "controller": true}]},
                 "spec": {"nodeName": "%s",
                   "containers": [
                     {"name": "app", "image": "web:1", "ports": [
                       {"name": "http", "containerPort": 8080, "protocol": "TCP"},
                       {"name": "metrics", "containerPort": 9090, "protocol": "TCP"}]},
                     {"name": "side", "image": "side:2"}],
                   "initContainers": [{"name": "init", "image": "init:3"}]},
                 "status": {"phase": "Running", "hostIP": "10.0.0.1", "podIP": "%s",
                   "conditions": [{"type": "Ready", "status": "True"}],
                   "containerStatuses": [{"name": "app", "containerID": "containerd://a"}],
                   "initContainerStatuses": [{"name": "init", "containerID": "containerd://i"}]}}\
                """
                        .formatted(name, name, node, ip));
    }

    private static JsonObject node(String name) {
        return new JsonObject(
                """
                {"metadata": {"name": "%s", "labels": {"topology.kubernetes.io/zone": "z1"},
                   "annotations": {"a/b": "c"}},
                 "spec": {"providerID": "cloud:///%s"},
                 "status": {"daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
                   "addresses": [{"type": "Hostname", "address": "host-1"},
                     {"type": "InternalIP", "address": "10.0.0.1"},
                     {"type": "InternalIP", "address": "10.0.0.2"}]}}\
                """
                        .formatted(name, name));
    }

    private static JsonObject service() {
        return new JsonObject(
                """
                {"metadata": {"namespace": "shop", "name": "web", "labels": {"team": "a"},
                   "annotations": {"x": "y"}},
                 "spec": {"type": "ClusterIP", "clusterIP": "10.1.0.1",
                   "ports": [{"name": "http", "port": 80, "protocol": "TCP"}]}}\
                """);
    }

    @Test
    void labelsPodsAsPrometheusDoes() {
        cluster.put(PODS, pod("web-1", "node-1", "10.2.0.5"));
        try (Discovery discovery = open(KubernetesRole.POD)) {
            DiscoveryState state = until(discovery, 4);
            assertThat(state.groups().getFirst().source()).isEqualTo("pod/shop/web-1");
            assertThat(state.groups().getFirst().labels())
                    .isEqualTo(
                            Labels.of(
                                    "__meta_kubernetes_namespace",
                                    "shop",
                                    "__meta_kubernetes_pod_annotation_prometheus_io_scrape",
                                    "true",
                                    "__meta_kubernetes_pod_annotationpresent_prometheus_io_scrape",
                                    "true",
                                    "__meta_kubernetes_pod_controller_kind",
                                    "ReplicaSet",
                                    "__meta_kubernetes_pod_controller_name",
                                    "web-5d",
                                    "__meta_kubernetes_pod_host_ip",
                                    "10.0.0.1",
                                    "__meta_kubernetes_pod_ip",
                                    "10.2.0.5",
                                    "__meta_kubernetes_pod_label_app_kubernetes_io_name",
                                    "web",
                                    "__meta_kubernetes_pod_labelpresent_app_kubernetes_io_name",
                                    "true",
                                    "__meta_kubernetes_pod_name",
                                    "web-1",
                                    "__meta_kubernetes_pod_node_name",
                                    "node-1",
                                    "__meta_kubernetes_pod_phase",
                                    "Running",
                                    "__meta_kubernetes_pod_ready",
                                    "true",
                                    "__meta_kubernetes_pod_uid",
                                    "u-web-1"));
            List<Labels> targets = state.groups().getFirst().targets();
            assertThat(targets.getFirst())
                    .isEqualTo(
                            Labels.of(
                                    "__address__",
                                    "10.2.0.5:8080",
                                    "__meta_kubernetes_pod_container_id",
                                    "containerd://a",
                                    "__meta_kubernetes_pod_container_image",
                                    "web:1",
                                    "__meta_kubernetes_pod_container_init",
                                    "false",
                                    "__meta_kubernetes_pod_container_name",
                                    "app",
                                    "__meta_kubernetes_pod_container_port_name",
                                    "http",
                                    "__meta_kubernetes_pod_container_port_number",
                                    "8080",
                                    "__meta_kubernetes_pod_container_port_protocol",
                                    "TCP"));
            assertThat(targets)
                    .extracting(labels ->
                            labels.get("__address__")
                                    + " "
                                    + labels.get("__meta_kubernetes_pod_container_name")
                                    + " "
                                    + labels.get("__meta_kubernetes_pod_container_init"))
                    .containsExactly(
                            "10.2.0.5:8080 app false",
                            "10.2.0.5:9090 app false",
                            "10.2.0.5 side false",
                            "10.2.0.5 init true");
        }
        assertThat(cluster.asked().getFirst())
                .isEqualTo(PODS + "?fieldSelector=spec.nodeName=node-1&resourceVersion=0");
    }

    @Test
    void followsPodsAsTheyComeAndGo() {
        cluster.put(PODS, pod("web-1", "node-1", "10.2.0.5"));
        try (Discovery discovery = open(KubernetesRole.POD)) {
            until(discovery, 4);
            cluster.put(PODS, pod("web-2", "node-1", "10.2.0.6"));
            until(discovery, 8);
            cluster.put(PODS, pod("web-2", "node-1", ""));
            until(discovery, 4);
            cluster.remove(PODS, "shop", "web-1");
            until(discovery, 0);
        }
    }

    @Test
    void keepsTargetsWhileAWatchIsBroken() {
        cluster.put(PODS, pod("web-1", "node-1", "10.2.0.5"));
        try (Discovery discovery = open(KubernetesRole.POD)) {
            until(discovery, 4);
            cluster.status = 503;
            cluster.cut();
            DiscoveryState broken =
                    bench.next(discovery, STEP, state -> state.error().contains("found=503"));
            assertThat(broken.groups()).hasSize(1);
            assertThat(broken.error()).endsWith("status must be 200: found=503, out of order");
            cluster.remove(PODS, "shop", "web-1");
            cluster.put(PODS, pod("web-2", "node-1", "10.2.0.6"));
            cluster.status = 200;
            DiscoveryState again =
                    bench.next(
                            discovery,
                            STEP,
                            state ->
                                    state.error().isEmpty()
                                            && state.groups()
                                                    .getFirst()
                                                    .source()
                                                    .equals("pod/shop/web-2"));
            assertThat(again.groups()).hasSize(1);
        }
    }

    @Test
    void listsAnewWhenItsVersionIsGone() {
        cluster.put(PODS, pod("web-1", "node-1", "10.2.0.5"));
        try (Discovery discovery = open(KubernetesRole.POD)) {
            until(discovery, 4);
            await().until(() -> cluster.watches() == 1);
            cluster.end();
            cluster.remove(PODS, "shop", "web-1");
            cluster.forget();
            bench.next(discovery, STEP, state -> state.groups().isEmpty());
            assertThat(discovery.state().error()).isEmpty();
        }
    }

    @Test
    void goesOnFromABookmarkWithoutListing() {
        cluster.put(PODS, pod("web-1", "node-1", "10.2.0.5"));
        try (Discovery discovery = open(KubernetesRole.POD)) {
            until(discovery, 4);
            await().until(() -> cluster.watches() == 1);
            cluster.put(NODES, node("node-9"));
            cluster.bookmark();
            cluster.end();
            cluster.put(PODS, pod("web-2", "node-1", "10.2.0.6"));
            until(discovery, 8);
        }
        assertThat(cluster.asked()).filteredOn(uri -> !uri.contains("watch=true")).hasSize(1);
        assertThat(cluster.asked()).anyMatch(uri -> uri.contains("resourceVersion=102"));
    }

    @Test
    void findsEndpointsOfThisNodeOnly() {
        cluster.put(PODS, pod("web-1", "node-1", "10.2.0.5"));
        cluster.put(SERVICES, service());
        cluster.put(
                ENDPOINTS,
                new JsonObject(
                        """
                        {"metadata": {"namespace": "shop", "name": "web", "labels": {"e": "f"}},
                         "subsets": [{
                           "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
                           "addresses": [
                             {"ip": "10.2.0.5", "nodeName": "node-1",
                              "targetRef": {"kind": "Pod", "namespace": "shop", "name": "web-1"}},
                             {"ip": "10.2.1.5", "nodeName": "node-2",
                              "targetRef": {"kind": "Pod", "namespace": "shop", "name": "far"}}],
                           "notReadyAddresses": [
                             {"ip": "10.2.0.7", "nodeName": "node-1", "hostname": "h7"}]}]}\
                        """));
        try (Discovery discovery = open(KubernetesRole.ENDPOINTS)) {
            DiscoveryState state = until(discovery, 3);
            assertThat(state.groups().getFirst().source()).isEqualTo("endpoints/shop/web");
            assertThat(state.groups().getFirst().labels())
                    .isEqualTo(
                            Labels.of(
                                    "__meta_kubernetes_endpoints_label_e",
                                    "f",
                                    "__meta_kubernetes_endpoints_labelpresent_e",
                                    "true",
                                    "__meta_kubernetes_endpoints_name",
                                    "web",
                                    "__meta_kubernetes_namespace",
                                    "shop",
                                    "__meta_kubernetes_service_annotation_x",
                                    "y",
                                    "__meta_kubernetes_service_annotationpresent_x",
                                    "true",
                                    "__meta_kubernetes_service_label_team",
                                    "a",
                                    "__meta_kubernetes_service_labelpresent_team",
                                    "true",
                                    "__meta_kubernetes_service_name",
                                    "web"));
            List<Labels> targets = state.groups().getFirst().targets();
            assertThat(targets)
                    .extracting(labels ->
                            labels.get("__address__")
                                    + " "
                                    + labels.get("__meta_kubernetes_endpoint_ready")
                                    + " "
                                    + labels.get("__meta_kubernetes_pod_name")
                                    + " "
                                    + labels.get("__meta_kubernetes_pod_container_port_name"))
                    .containsExactly(
                            "10.2.0.5:8080 true web-1 http",
                            "10.2.0.7:8080 false null null",
                            "10.2.0.5:9090 null web-1 metrics");
            assertThat(targets.get(1))
                    .isEqualTo(
                            Labels.of(
                                    "__address__",
                                    "10.2.0.7:8080",
                                    "__meta_kubernetes_endpoint_hostname",
                                    "h7",
                                    "__meta_kubernetes_endpoint_node_name",
                                    "node-1",
                                    "__meta_kubernetes_endpoint_port_name",
                                    "http",
                                    "__meta_kubernetes_endpoint_port_protocol",
                                    "TCP",
                                    "__meta_kubernetes_endpoint_ready",
                                    "false"));
        }
        try (Discovery whole = openWhole(KubernetesRole.ENDPOINTS)) {
            until(whole, 4);
        }
    }

    @Test
    void findsSlicesOfThisNodeWithItsLabels() {
        cluster.put(PODS, pod("web-1", "node-1", "10.2.0.5"));
        cluster.put(SERVICES, service());
        cluster.put(NODES, node("node-1"));
        cluster.put(
                SLICES,
                new JsonObject(
                        """
                        {"metadata": {"namespace": "shop", "name": "web-x1",
                           "labels": {"kubernetes.io/service-name": "web"}},
                         "addressType": "IPv4",
                         "ports": [{"name": "http", "port": 8080, "protocol": "TCP",
                                    "appProtocol": "h2c"}],
                         "endpoints": [
                           {"addresses": ["10.2.0.5"], "nodeName": "node-1", "zone": "z1",
                            "conditions": {"ready": true, "serving": true, "terminating": false},
                            "targetRef": {"kind": "Pod", "namespace": "shop", "name": "web-1"}},
                           {"addresses": ["10.2.1.5"], "nodeName": "node-2"}]}\
                        """));
        KubernetesTargets settings = settings(KubernetesRole.ENDPOINTSLICE, Map.of(), true);
        try (Discovery discovery = settings.open(bench.context(cluster.requests()))) {
            DiscoveryState state = until(discovery, 2);
            assertThat(state.groups().getFirst().source()).isEqualTo("endpointslice/shop/web-x1");
            assertThat(state.groups().getFirst().labels().get("__meta_kubernetes_service_name"))
                    .isEqualTo("web");
            assertThat(
                            state.groups()
                                    .getFirst()
                                    .labels()
                                    .get("__meta_kubernetes_endpointslice_address_type"))
                    .isEqualTo("IPv4");
            Labels target = state.groups().getFirst().targets().getFirst();
            assertThat(
                            target.only(
                                    List.of(
                                            "__address__",
                                            "__meta_kubernetes_endpointslice_port",
                                            "__meta_kubernetes_endpointslice_port_name",
                                            "__meta_kubernetes_endpointslice_port_protocol",
                                            "__meta_kubernetes_endpointslice_port_app_protocol",
                                            "__meta_kubernetes_endpointslice_endpoint_zone",
                                            "__meta_kubernetes_endpointslice_endpoint_node_name",
                                            "__meta_kubernetes_endpointslice_endpoint_conditions_ready",
                                            "__meta_kubernetes_endpointslice_endpoint_conditions_serving",
                                            "__meta_kubernetes_endpointslice_endpoint_conditions_terminating",
                                            "__meta_kubernetes_endpointslice_address_target_kind",
                                            "__meta_kubernetes_endpointslice_address_target_name",
                                            "__meta_kubernetes_node_label_topology_kubernetes_io_zone",
                                            "__meta_kubernetes_pod_container_name")))
                    .isEqualTo(
                            Labels.of(
                                    "__address__",
                                    "10.2.0.5:8080",
                                    "__meta_kubernetes_endpointslice_address_target_kind",
                                    "Pod",
                                    "__meta_kubernetes_endpointslice_address_target_name",
                                    "web-1",
                                    "__meta_kubernetes_endpointslice_endpoint_conditions_ready",
                                    "true",
                                    "__meta_kubernetes_endpointslice_endpoint_conditions_serving",
                                    "true",
                                    "__meta_kubernetes_endpointslice_endpoint_conditions_terminating",
                                    "false",
                                    "__meta_kubernetes_endpointslice_endpoint_node_name",
                                    "node-1",
                                    "__meta_kubernetes_endpointslice_endpoint_zone",
                                    "z1",
                                    "__meta_kubernetes_endpointslice_port",
                                    "8080",
                                    "__meta_kubernetes_endpointslice_port_app_protocol",
                                    "h2c",
                                    "__meta_kubernetes_endpointslice_port_name",
                                    "http",
                                    "__meta_kubernetes_endpointslice_port_protocol",
                                    "TCP",
                                    "__meta_kubernetes_node_label_topology_kubernetes_io_zone",
                                    "z1",
                                    "__meta_kubernetes_pod_container_name",
                                    "app"));
        }
        assertThat(cluster.asked())
                .contains(NODES + "?fieldSelector=metadata.name=node-1&resourceVersion=0");
    }

    @Test
    void findsNodesAndServices() {
        cluster.put(NODES, node("node-1"));
        cluster.put(SERVICES, service());
        try (Discovery nodes = open(KubernetesRole.NODE);
                Discovery services = open(KubernetesRole.SERVICE)) {
            until(nodes, 1);
            until(services, 1);
            assertThat(DiscoveryBench.targets(nodes))
                    .containsExactly(
                            Labels.of(
                                    "__address__",
                                    "10.0.0.1:10250",
                                    "__meta_kubernetes_node_address_Hostname",
                                    "host-1",
                                    "__meta_kubernetes_node_address_InternalIP",
                                    "10.0.0.1",
                                    "__meta_kubernetes_node_annotation_a_b",
                                    "c",
                                    "__meta_kubernetes_node_annotationpresent_a_b",
                                    "true",
                                    "__meta_kubernetes_node_label_topology_kubernetes_io_zone",
                                    "z1",
                                    "__meta_kubernetes_node_labelpresent_topology_kubernetes_io_zone",
                                    "true",
                                    "__meta_kubernetes_node_name",
                                    "node-1",
                                    "__meta_kubernetes_node_provider_id",
                                    "cloud:///node-1",
                                    "instance",
                                    "node-1"));
            assertThat(DiscoveryBench.targets(services).getFirst())
                    .isEqualTo(
                            Labels.of(
                                    "__address__",
                                    "web.shop.svc:80",
                                    "__meta_kubernetes_namespace",
                                    "shop",
                                    "__meta_kubernetes_service_annotation_x",
                                    "y",
                                    "__meta_kubernetes_service_annotationpresent_x",
                                    "true",
                                    "__meta_kubernetes_service_cluster_ip",
                                    "10.1.0.1",
                                    "__meta_kubernetes_service_label_team",
                                    "a",
                                    "__meta_kubernetes_service_labelpresent_team",
                                    "true",
                                    "__meta_kubernetes_service_name",
                                    "web",
                                    "__meta_kubernetes_service_port_name",
                                    "http",
                                    "__meta_kubernetes_service_port_number",
                                    "80",
                                    "__meta_kubernetes_service_port_protocol",
                                    "TCP",
                                    "__meta_kubernetes_service_type",
                                    "ClusterIP"));
        }
    }

    @Test
    void readsPagesAndSelects() {
        for (int i = 0; i < 5; i++) {
            cluster.put(PODS, pod("web-" + i, "node-" + i, "10.2.0." + i));
        }
        KubernetesTargets settings =
                new KubernetesTargets(
                        KubernetesRole.POD,
                        Optional.of(new KubernetesServer(cluster.uri(), HttpAccess.DEFAULT)),
                        List.of("shop"),
                        false,
                        Map.of(
                                KubernetesRole.POD,
                                new Selector("app=web,tier!=x", "status.phase=Running")),
                        false);
        KubernetesScope all = new KubernetesScope(Optional.empty(), true);
        try (Discovery discovery = settings.open(bench.context(cluster.requests(), all))) {
            until(discovery, 20);
        }
        assertThat(cluster.asked().getFirst())
                .isEqualTo(
                        "/api/v1/namespaces/shop/pods?fieldSelector=status.phase=Running"
                                + "&labelSelector=app=web,tier!=x&limit=250");
        assertThat(cluster.asked()).filteredOn(uri -> uri.contains("continue=")).hasSize(2);
    }

    @Test
    void takesATokenThatIsReplaced() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "one\n");
        cluster.token = "one";
        cluster.put(PODS, pod("web-1", "node-1", "10.2.0.5"));
        KubernetesServer server =
                new KubernetesServer(
                        cluster.uri(),
                        HttpAccess.DEFAULT.withCredentials(
                                new Credentials.Token("Bearer", new Secret.InFile(token))));
        KubernetesTargets settings =
                new KubernetesTargets(
                        KubernetesRole.POD, Optional.of(server), List.of(), false, Map.of(), false);
        try (Discovery discovery = settings.open(bench.context(cluster.requests()))) {
            until(discovery, 4);
            await().until(() -> cluster.watches() == 1);
            cluster.token = "two";
            cluster.end();
            bench.next(discovery, STEP, state -> state.error().contains("found=401"));
            Files.writeString(token, "two\n");
            cluster.put(PODS, pod("web-2", "node-1", "10.2.0.6"));
            until(discovery, 8);
        }
    }

    @Test
    void knowsTheClusterItRunsIn() throws IOException {
        Files.writeString(directory.resolve("ca.crt"), "x");
        Files.writeString(directory.resolve("namespace"), "mine\n");
        InCluster inside =
                new InCluster(
                        Map.of(
                                "KUBERNETES_SERVICE_HOST", "10.1.0.1",
                                "KUBERNETES_SERVICE_PORT", "443"),
                        directory);
        assertThat(inside.server().uri()).hasToString("https://10.1.0.1:443");
        assertThat(inside.server().access().tls().ca())
                .contains(new Secret.InFile(directory.resolve("ca.crt")));
        assertThat(inside.server().access().credentials())
                .isEqualTo(
                        new Credentials.Token(
                                "Bearer", new Secret.InFile(directory.resolve("token"))));
        assertThat(inside.namespace()).isEqualTo("mine");
        assertThatThrownBy(() -> new InCluster(Map.of(), directory).server())
                .hasMessageStartingWith("api_server or kubeconfig_file must be given outside");
    }

    @Test
    void saysThatItDoesNotKnowItsNode() {
        KubernetesScope nowhere = new KubernetesScope(Optional.empty(), false);
        try (Discovery discovery =
                settings(KubernetesRole.POD, Map.of(), false)
                        .open(bench.context(cluster.requests(), nowhere))) {
            assertThat(discovery.state().error()).startsWith("node name must be known");
        }
        assertThat(cluster.asked()).isEmpty();
    }

    @Test
    void refusesSelectorsOfOtherRoles() {
        assertThatThrownBy(() ->
                        settings(
                                KubernetesRole.POD,
                                Map.of(KubernetesRole.NODE, Selector.ALL),
                                false))
                .hasMessage("selectors of role pod must be for [pod]: found=node");
    }
}
