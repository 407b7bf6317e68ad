package dev.muster.agent.services.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.ManualTimers;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.sd.DiscoveryBench;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceRegistryTest {
    @TempDir private Path directory;

    private final ManualTimers time = new ManualTimers(1_000_000);
    private ServiceRegistry registry;

    @BeforeEach
    void open() {
        registry = opened();
    }

    private ServiceRegistry opened() {
        return new ServiceRegistry(directory.resolve("sub/registrations"), time, time::nanoTime);
    }

    private static Registration service(String id, String more) throws RegistrationException {
        return new RegistrationReader(AddressRule.ANY)
                .read(
                        id,
                        RegistrationJson.parse(
                                "{\"name\": \"" + id + "-name\", \"port\": 80" + more + "}"));
    }

    private String health(String id) {
        RegisteredService service = registry.service(id).orElseThrow();
        return service.health().text() + " " + service.note() + " " + service.sinceMs();
    }

    @Test
    void keepsRegistrationsOverARestart() throws Exception {
        Registration whole = service("a", ", \"ttl\": \"10s\", \"meta\": {\"owner\": \"ann\"}");
        assertThat(registry.register(whole)).isTrue();
        assertThat(registry.register(whole)).isFalse();
        registry.register(service("b", ""));
        registry.register(service("c", ""));
        assertThat(registry.deregister("b")).isTrue();
        assertThat(registry.deregister("b")).isFalse();
        ServiceRegistry again = opened();
        assertThat(again.services())
                .extracting(one -> one.registration().id())
                .containsExactly("a", "c");
        assertThat(again.service("a").orElseThrow().registration()).isEqualTo(whole);
        assertThat(again.service("a").orElseThrow().note())
                .isEqualTo("no heartbeat since the agent started");
    }

    @Test
    void survivesATornFileAtEveryOffset() throws Exception {
        registry.register(service("a", ", \"meta\": {\"owner\": \"ann\"}"));
        registry.register(service("b", ""));
        Path file = directory.resolve("sub/registrations");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThat(opened().size()).isLessThanOrEqualTo(2);
        }
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 0x11;
            Files.write(file, changed);
            assertThat(opened().size()).isLessThanOrEqualTo(1);
        }
        Files.write(file, whole);
        assertThat(opened().size()).isEqualTo(2);
    }

    @Test
    void changesNothingWhenItCannotBeKept() throws Exception {
        Files.writeString(directory.resolve("sub"), "in the way");
        assertThatThrownBy(() -> registry.register(service("a", "")))
                .isInstanceOf(IOException.class);
        assertThat(registry.services()).isEmpty();
    }

    @Test
    void missesHeartbeats() throws Exception {
        registry.register(
                service("a", ", \"ttl\": \"10s\", \"deregisterCriticalServiceAfter\": \"60s\""));
        assertThat(health("a")).isEqualTo("passing  1000000");
        time.advance(10_000);
        registry.expire();
        assertThat(health("a")).isEqualTo("passing  1000000");
        time.advance(1);
        registry.expire();
        assertThat(health("a")).isEqualTo("critical no heartbeat within 10000 ms 1010001");
        assertThat(registry.heartbeat("a", Health.WARNING, "slow")).isTrue();
        assertThat(health("a")).isEqualTo("warning slow 1010001");
        time.advance(10_001);
        registry.expire();
        time.advance(60_000);
        registry.expire();
        assertThat(registry.services()).hasSize(1);
        time.advance(1);
        registry.expire();
        assertThat(registry.services()).isEmpty();
        assertThat(opened().services()).isEmpty();
        assertThat(registry.heartbeat("a", Health.PASSING, "")).isFalse();
    }

    @Test
    void staysCriticalWithoutADeadline() throws Exception {
        registry.register(service("a", ", \"ttl\": \"10s\""));
        time.advance(1_000_000_000);
        registry.expire();
        assertThat(registry.service("a").orElseThrow().up()).isFalse();
    }

    @Test
    void refusesTooMany() throws Exception {
        for (int i = 0; i < ServiceRegistry.SERVICES_LIMIT; i++) {
            registry.register(service("s" + i, ""));
        }
        assertThatThrownBy(() -> registry.register(service("more", "")))
                .hasMessage("an agent must have at most 500 services");
        registry.register(service("s7", ", \"tags\": [\"changed\"]"));
    }

    @Test
    void checksOverHttpAndTcp() throws Exception {
        AtomicInteger status = new AtomicInteger(200);
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/h",
                exchange -> {
                    exchange.sendResponseHeaders(status.get(), -1);
                    exchange.close();
                });
        server.start();
        int port = server.getAddress().getPort();
        registry.register(
                service(
                        "web",
                        ", \"check\": {\"http\": \"http://127.0.0.1:"
                                + port
                                + "/h\", \"interval\": \"1s\"}"));
        registry.register(
                service(
                        "db",
                        ", \"check\": {\"tcp\": \"127.0.0.1:"
                                + port
                                + "\", \"interval\": \"1s\"}"));
        ServiceChecks checks =
                new ServiceChecks(registry, Thread.ofVirtual().factory(), System::nanoTime);
        checks.round();
        await().untilAsserted(() -> assertThat(health("web")).startsWith("passing status 200"));
        await().untilAsserted(
                        () -> assertThat(health("db")).startsWith("passing connection taken"));
        status.set(429);
        time.advance(1_000);
        checks.round();
        await().untilAsserted(() -> assertThat(health("web")).startsWith("warning status 429"));
        status.set(500);
        time.advance(1_000);
        checks.round();
        await().untilAsserted(() -> assertThat(health("web")).startsWith("critical status 500"));
        server.stop(0);
        time.advance(1_000);
        checks.round();
        await().untilAsserted(
                        () -> assertThat(health("web")).startsWith("critical connection refused"));
        await().untilAsserted(
                        () -> assertThat(health("db")).startsWith("critical connection refused"));
        ExpositionWriter out = new ExpositionWriter();
        checks.write(out);
        assertThat(new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8))
                .contains(
                        "service_check_up{check=\"http\",instance=\"127.0.0.1:80\",job=\"web-name\",service_id=\"web\"}"
                            + " 0\n",
                        "service_check_state{check=\"tcp\",instance=\"127.0.0.1:80\",job=\"db-name\",service_id=\"db\"}"
                            + " 2\n");
    }

    @Test
    void offersWhatIsScraped() throws Exception {
        AtomicInteger changes = new AtomicInteger();
        DiscoveryContext context = DiscoveryBench.context(time, time, changes::incrementAndGet);
        try (var targets = new RegisteredTargets(registry).open(context);
                var checked = new CheckedServices(registry, "h").open(context)) {
            registry.register(
                    service(
                            "a",
                            ", \"metricsPath\": \"/m\", \"interval\": \"30s\", \"tags\": [\"x\","
                                    + " \"y\"], \"meta\": {\"run-book\": \"https://x\", \"empty\":"
                                    + " \"\"}"));
            registry.register(service("b", ", \"ttl\": \"1s\""));
            assertThat(changes.get()).isEqualTo(4);
            assertThat(targets.state().groups()).hasSize(1);
            assertThat(targets.state().groups().getFirst().targets())
                    .isEqualTo(
                            List.of(
                                    Labels.of(
                                            "__address__", "127.0.0.1:80",
                                            "__info_run_book", "https://x",
                                            "__meta_service_address", "127.0.0.1",
                                            "__meta_service_id", "a",
                                            "__meta_service_meta_run_book", "https://x",
                                            "__meta_service_name", "a-name",
                                            "__meta_service_port", "80",
                                            "__meta_service_tags", ",x,y,",
                                            "__metrics_path__", "/m",
                                            "__scheme__", "http",
                                            "__scrape_interval__", "30s",
                                            "__scrape_timeout__", "10s",
                                            "job", "a-name")));
            assertThat(checked.state().groups()).hasSize(1);
            registry.deregister("b");
            assertThat(checked.state().groups()).isEmpty();
        }
    }
}
