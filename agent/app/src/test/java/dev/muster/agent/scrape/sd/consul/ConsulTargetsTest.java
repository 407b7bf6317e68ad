package dev.muster.agent.scrape.sd.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.sd.DiscoveryBench;
import dev.muster.agent.scrape.sd.FakeApi;
import dev.muster.agent.scrape.sd.consul.ConsulTargets.Query;
import dev.muster.model.labels.Labels;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Against a catalog whose questions wait for news, as Consul's do.
class ConsulTargetsTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Query ALL =
            new Query("", "", "", List.of(), List.of(), Map.of(), "", "", ",", true);

    private final DiscoveryBench bench = new DiscoveryBench();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, JsonArray> services = new ConcurrentHashMap<>();
    private final List<HttpServerRequest> waiting = new ArrayList<>();
    private final FakeApi api = FakeApi.start(this::answer);
    private final AtomicLong index = new AtomicLong(10);
    private volatile int status = 200;

    @AfterEach
    void close() {
        api.close();
    }

    /// On the event loop.
    private void answer(HttpServerRequest request) {
        asked.add(request.uri() + " " + request.getHeader("X-Consul-Token"));
        long known = Long.parseLong(request.getParam("index", "0"));
        if (status == 200 && known == index.get()) {
            waiting.add(request);
        } else {
            answerNow(request);
        }
    }

    private void answerNow(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        request.response().putHeader("X-Consul-Index", Long.toString(index.get()));
        if (status != 200) {
            request.response().setStatusCode(status).end("No cluster leader");
        } else if (path.endsWith("/v1/catalog/services")) {
            JsonObject all = new JsonObject().put("consul", new JsonArray());
            services.forEach((name, instances) -> all.put(name, tags(instances)));
            FakeApi.json(request, all.encode());
        } else {
            String name = path.substring(path.lastIndexOf('/') + 1).replace("%20", " ");
            FakeApi.json(request, services.getOrDefault(name, new JsonArray()).encode());
        }
    }

    private static JsonArray tags(JsonArray instances) {
        return instances.getJsonObject(0).getJsonObject("Service").getJsonArray("Tags");
    }

    /// Something changed: who waits is answered.
    private void news() {
        api.vertx()
                .runOnContext(_ -> {
                    index.incrementAndGet();
                    List<HttpServerRequest> answered = List.copyOf(waiting);
                    waiting.clear();
                    answered.forEach(this::answerNow);
                });
    }

    private void register(String name, String status, String... tags) {
        JsonObject node =
                new JsonObject()
                        .put("Node", "n1")
                        .put("Address", "10.0.0.1")
                        .put("Datacenter", "dc1")
                        .put("Partition", "default")
                        .put("TaggedAddresses", new JsonObject().put("lan", "10.0.0.1"))
                        .put("Meta", new JsonObject().put("rack-id", "r7"));
        JsonObject service =
                new JsonObject()
                        .put("ID", name + "-1")
                        .put("Service", name)
                        .put("Namespace", "default")
                        .put("Address", "")
                        .put("Port", 8080)
                        .put("Tags", new JsonArray(List.of(tags)))
                        .put("Meta", new JsonObject().put("version", "1.2"));
        JsonArray checks =
                new JsonArray().add(new JsonObject().put("CheckID", "c").put("Status", status));
        services.put(
                name,
                new JsonArray()
                        .add(
                                new JsonObject()
                                        .put("Node", node)
                                        .put("Service", service)
                                        .put("Checks", checks)));
    }

    private Discovery open(Query query) {
        HttpAccess plain = HttpAccess.DEFAULT;
        HttpAccess access =
                new HttpAccess(
                        plain.credentials(),
                        plain.tls(),
                        plain.proxy(),
                        Map.of("X-Consul-Token", List.of(new Secret.Text("secret"))),
                        plain.followRedirects(),
                        plain.compression(),
                        plain.http2());
        return new ConsulTargets(URI.create(api.uri() + "/prefix"), access, query, INTERVAL)
                .open(bench.context(api.requests()));
    }

    @Test
    void labelsInstances() {
        register("web", "passing", "a", "b");
        try (Discovery discovery = open(ALL)) {
            DiscoveryBench.until(discovery, state -> state.groups().size() == 2);
            assertThat(DiscoveryBench.targets(discovery))
                    .containsExactly(
                            Labels.of(
                                    "__address__",
                                    "10.0.0.1:8080",
                                    "__meta_consul_address",
                                    "10.0.0.1",
                                    "__meta_consul_dc",
                                    "dc1",
                                    "__meta_consul_health",
                                    "passing",
                                    "__meta_consul_metadata_rack_id",
                                    "r7",
                                    "__meta_consul_namespace",
                                    "default",
                                    "__meta_consul_node",
                                    "n1",
                                    "__meta_consul_partition",
                                    "default",
                                    "__meta_consul_service",
                                    "web",
                                    "__meta_consul_service_id",
                                    "web-1",
                                    "__meta_consul_service_metadata_version",
                                    "1.2",
                                    "__meta_consul_service_port",
                                    "8080",
                                    "__meta_consul_tagged_address_lan",
                                    "10.0.0.1",
                                    "__meta_consul_tags",
                                    ",a,b,"));
        }
        assertThat(asked)
                .contains(
                        "/prefix/v1/catalog/services?stale secret",
                        "/prefix/v1/health/service/web?stale secret");
    }

    @Test
    void followsNewsAtOnce() {
        register("web", "passing");
        try (Discovery discovery = open(ALL)) {
            DiscoveryBench.until(discovery, state -> state.groups().size() == 2);
            // the first answers are old enough: the next questions wait at the server
            await().until(() -> {
                bench.time.advance(INTERVAL.toMillis());
                return waiting.size() == 3;
            });
            register("db", "critical");
            services.remove("web");
            news();
            DiscoveryState state =
                    DiscoveryBench.until(
                            discovery,
                            s ->
                                    s.groups().stream()
                                            .map(group -> group.source())
                                            .toList()
                                            .equals(List.of("consul", "db")));
            assertThat(state.groups().get(1).targets().getFirst().get("__meta_consul_health"))
                    .isEqualTo("critical");
            assertThat(asked).anyMatch(uri -> uri.contains("index=10&wait=120000ms"));
        }
    }

    @Test
    void keepsTargetsWhileConsulFails() {
        register("web", "passing");
        try (Discovery discovery = open(ALL)) {
            DiscoveryBench.until(discovery, state -> state.groups().size() == 2);
            status = 500;
            DiscoveryState failed =
                    bench.next(discovery, INTERVAL, state -> !state.error().isEmpty());
            assertThat(failed.groups()).hasSize(2);
            assertThat(failed.error()).endsWith("status must be 200: found=500, No cluster leader");
            status = 200;
            bench.next(discovery, INTERVAL, state -> state.error().isEmpty());
        }
    }

    @Test
    void asksForNamedServicesOnly() {
        register("my web", "passing", "x");
        register("db", "passing", "y");
        Query query =
                new Query(
                        "dc2",
                        "ns",
                        "p",
                        List.of("my web"),
                        List.of(),
                        Map.of("rack", "r7"),
                        "",
                        "Service.Port == 1",
                        ";",
                        false);
        try (Discovery discovery = open(query)) {
            assertThat(DiscoveryBench.targets(discovery))
                    .extracting(labels -> labels.get("__meta_consul_tags"))
                    .containsExactly(";x;");
        }
        assertThat(asked)
                .containsExactly(
                        "/prefix/v1/health/service/my%20web?dc=dc2&ns=ns&partition=p"
                                + "&filter=Service.Port+%3D%3D+1&node-meta=rack%3Ar7 secret");
    }

    @Test
    void picksServicesByTag() {
        register("web", "passing", "prod", "x");
        register("db", "passing", "test");
        Query query =
                new Query("", "", "", List.of(), List.of("prod"), Map.of(), "", "", ",", true);
        try (Discovery discovery = open(query)) {
            DiscoveryBench.until(discovery, state -> state.groups().size() == 1);
            assertThat(discovery.state().groups().getFirst().source()).isEqualTo("web");
        }
        assertThat(asked).contains("/prefix/v1/health/service/web?stale&tag=prod secret");
    }

    @Test
    void asksTheAgentOfThisHost() {
        FakeApi agent =
                FakeApi.start(request ->
                        FakeApi.json(
                                request,
                                switch (String.valueOf(request.path())) {
                                    case "/v1/agent/self" ->
                                            """
                                            {"Config": {"Datacenter": "dc1", "NodeName": "n1"},
                                             "Member": {"Addr": "10.0.0.9"}, "Meta": {"a": "b"}}\
                                            """;
                                    case "/v1/agent/checks" ->
                                            """
                                            {"c1": {"CheckID": "c1", "ServiceID": "w1",
                                                    "Status": "warning"},
                                             "c2": {"CheckID": "c2", "ServiceID": "other",
                                                    "Status": "critical"}}\
                                            """;
                                    default ->
                                            """
                                            {"w1": {"ID": "w1", "Service": "web", "Port": 80,
                                                    "Address": "", "Tags": ["t"],
                                                    "Meta": {"v": "1"}}}\
                                            """;
                                }));
        ConsulAgentTargets settings =
                new ConsulAgentTargets(
                        agent.uri(),
                        HttpAccess.DEFAULT,
                        List.of(),
                        List.of("t"),
                        "",
                        ",",
                        INTERVAL);
        try (agent;
                Discovery discovery = settings.open(bench.context(agent.requests()))) {
            assertThat(DiscoveryBench.targets(discovery))
                    .containsExactly(
                            Labels.of(
                                    "__address__",
                                    "10.0.0.9:80",
                                    "__meta_consul_address",
                                    "10.0.0.9",
                                    "__meta_consul_dc",
                                    "dc1",
                                    "__meta_consul_health",
                                    "warning",
                                    "__meta_consul_metadata_a",
                                    "b",
                                    "__meta_consul_node",
                                    "n1",
                                    "__meta_consul_service",
                                    "web",
                                    "__meta_consul_service_id",
                                    "w1",
                                    "__meta_consul_service_metadata_v",
                                    "1",
                                    "__meta_consul_service_port",
                                    "80",
                                    "__meta_consul_tags",
                                    ",t,"));
        }
    }
}
