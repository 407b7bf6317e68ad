package dev.muster.agent.scrape.sd.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.sd.DiscoveryBench;
import dev.muster.agent.scrape.sd.FakeApi;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a daemon behind a Unix socket, and one behind TCP.
class DockerTargetsTest {
    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final String CONTAINERS =
            """
            [{"Id": "c1", "Names": ["/web"], "Labels": {"com.x/app": "shop"},
              "HostConfig": {"NetworkMode": "front"},
              "Ports": [{"IP": "0.0.0.0", "PrivatePort": 8080, "PublicPort": 80, "Type": "tcp"},
                        {"PrivatePort": 53, "Type": "udp"}],
              "NetworkSettings": {"Networks": {
                "front": {"NetworkID": "n1", "IPAddress": "172.17.0.2"},
                "back": {"NetworkID": "n2", "IPAddress": "172.18.0.2"}}}},
             {"Id": "c2", "Names": ["/sidecar"], "Labels": null,
              "HostConfig": {"NetworkMode": "container:c1"},
              "Ports": [], "NetworkSettings": {"Networks": {}}},
             {"Id": "c3", "Names": ["/onhost"], "HostConfig": {"NetworkMode": "host"},
              "Ports": [],
              "NetworkSettings": {"Networks": {"host": {"NetworkID": "n3", "IPAddress": ""}}}}]\
            """;
    private static final String NETWORKS =
            """
            [{"Id": "n1", "Name": "front", "Scope": "local", "Internal": false, "Ingress": false,
              "Labels": {"tier": "1"}},
             {"Id": "n2", "Name": "back", "Scope": "local", "Internal": true, "Ingress": false,
              "Labels": {}},
             {"Id": "n3", "Name": "host", "Scope": "local", "Internal": false, "Ingress": false}]\
            """;

    @TempDir private Path directory;

    private final DiscoveryBench bench = new DiscoveryBench();
    private FakeApi client;
    private FakeDocker docker;
    private Path socket;

    @BeforeEach
    void start() throws IOException {
        client = FakeApi.start(request -> FakeApi.json(request, "[]"));
        socket = directory.resolve("docker.sock");
        docker = new FakeDocker(socket);
        docker.put("/containers/json", CONTAINERS);
        docker.put("/networks", NETWORKS);
    }

    @AfterEach
    void stop() throws IOException {
        docker.close();
        client.close();
    }

    private Discovery open(String host, boolean firstNetwork, Map<String, List<String>> filters) {
        return new DockerTargets(
                        URI.create(host),
                        HttpAccess.DEFAULT,
                        80,
                        "localhost",
                        firstNetwork,
                        filters,
                        INTERVAL)
                .open(bench.context(client.requests()));
    }

    @Test
    void labelsContainersOverAUnixSocket() {
        try (Discovery discovery = open("unix://" + socket, true, Map.of())) {
            List<Labels> targets = DiscoveryBench.targets(discovery);
            assertThat(targets)
                    .extracting(labels -> labels.valueOf("__address__"))
                    .containsExactly("172.18.0.2:8080", "172.18.0.2:80", "localhost");
            assertThat(targets.getFirst())
                    .isEqualTo(
                            Labels.of(
                                    "__address__",
                                    "172.18.0.2:8080",
                                    "__meta_docker_container_id",
                                    "c1",
                                    "__meta_docker_container_label_com_x_app",
                                    "shop",
                                    "__meta_docker_container_name",
                                    "/web",
                                    "__meta_docker_container_network_mode",
                                    "front",
                                    "__meta_docker_network_id",
                                    "n2",
                                    "__meta_docker_network_ingress",
                                    "false",
                                    "__meta_docker_network_internal",
                                    "true",
                                    "__meta_docker_network_ip",
                                    "172.18.0.2",
                                    "__meta_docker_network_name",
                                    "back",
                                    "__meta_docker_network_scope",
                                    "local",
                                    "__meta_docker_port_private",
                                    "8080",
                                    "__meta_docker_port_public",
                                    "80",
                                    "__meta_docker_port_public_ip",
                                    "0.0.0.0"));
        }
    }

    @Test
    void takesAllNetworksWhenTold() {
        try (Discovery discovery = open("unix://" + socket, false, Map.of())) {
            assertThat(DiscoveryBench.targets(discovery))
                    .extracting(labels -> labels.valueOf("__address__"))
                    .containsExactly(
                            "172.18.0.2:8080",
                            "172.17.0.2:8080",
                            "172.18.0.2:80",
                            "172.17.0.2:80",
                            "localhost");
            assertThat(
                            DiscoveryBench.targets(discovery)
                                    .get(1)
                                    .get("__meta_docker_network_label_tier"))
                    .isEqualTo("1");
        }
    }

    @Test
    void sendsFilters() {
        try (Discovery discovery =
                open("unix://" + socket, true, Map.of("label", List.of("scrape=yes")))) {
            DiscoveryBench.groups(discovery);
        }
        assertThat(docker.asked())
                .contains(
                        "/containers/json?filters=%7B%22label%22%3A%7B%22scrape%3Dyes%22%3Atrue%7D%7D");
    }

    @Test
    void asksOverTcp() {
        String host = client.uri().toString().replace("http:", "tcp:");
        try (Discovery discovery = open(host, true, Map.of())) {
            assertThat(DiscoveryBench.targets(discovery)).isEmpty();
        }
    }

    @Test
    void keepsTargetsWhileTheDaemonIsAway() throws IOException {
        try (Discovery discovery = open("unix://" + socket, true, Map.of())) {
            assertThat(DiscoveryBench.targets(discovery)).hasSize(3);
            docker.close();
            assertThat(
                            bench.next(discovery, INTERVAL, state -> !state.error().isEmpty())
                                    .groups()
                                    .getFirst()
                                    .targets())
                    .hasSize(3);
        }
    }

    @Test
    void refusesHostsItCannotReach() {
        assertThatThrownBy(() -> open("ssh://x", true, Map.of()))
                .hasMessageStartingWith("host must be unix:///path");
    }
}
