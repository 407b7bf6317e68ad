package dev.muster.agent.intake.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.door.Door;
import dev.muster.agent.door.DoorPlan;
import dev.muster.agent.door.PushRoute;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.intake.IntakeRig;
import dev.muster.agent.scrape.fetch.BodyEncoding;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Prometheus in agent mode as sender, where it is installed.
class RemoteWriteSenderTest {
    private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");

    private static <T> T join(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Process start(Path directory, int port, String url) throws Exception {
        Path config =
                Files.writeString(
                        directory.resolve("prometheus.yml"),
                        """
                        global: {scrape_interval: 250ms, scrape_timeout: 250ms}
                        scrape_configs:
                          - job_name: itself
                            static_configs: [{targets: ["127.0.0.1:%d"]}]
                        remote_write:
                          - url: %s
                            send_exemplars: true
                            send_native_histograms: true
                            queue_config: {batch_send_deadline: 250ms}
                            metadata_config: {send_interval: 1s}
                        """
                                .formatted(port, url));
        return new ProcessBuilder(
                        PROMETHEUS.toString(),
                        "--enable-feature=agent",
                        "--config.file=" + config,
                        "--storage.agent.path=" + directory.resolve("wal"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void prometheusSendsAllThatItScrapes(@TempDir Path directory) throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(PROMETHEUS), "prometheus must be installed: apt-get install");
        Vertx vertx = Vertx.vertx();
        try (IntakeRig rig = new IntakeRig(directory.resolve("head"))) {
            rig.nowMs.set(System.currentTimeMillis());
            DoorPlan plan =
                    new DoorPlan(Optional.empty(), 4 << 20, 8 << 20, Duration.ofSeconds(5), 8);
            Door door = new Door(vertx, plan);
            RemoteWrite write = new RemoteWrite(rig.intake);
            Router router = Router.router(vertx);
            door.route(
                    router,
                    new PushRoute("POST", "/write", "remote_write", BodyEncoding.SNAPPY),
                    () -> Optional.of(write));
            HttpServer server =
                    join(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
            int port = freePort();
            Process process =
                    start(directory, port, "http://127.0.0.1:" + server.actualPort() + "/write");
            try {
                String up = "up{host=\"h1\", instance=\"127.0.0.1:" + port + "\", job=\"itself\"}";
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() ->
                                assertThat(rig.samples())
                                        .hasEntrySatisfying(
                                                up,
                                                values ->
                                                        assertThat(values).hasSizeGreaterThan(8)));
            } finally {
                process.destroy();
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(rig.samples().size()).isGreaterThan(100);
            assertThat(rig.metrics())
                    .contains("{reason=\"duplicate\"} 0")
                    .contains("{reason=\"out_of_order\"} 0")
                    .contains("{reason=\"labels\"} 0");
            ExpositionWriter out = new ExpositionWriter();
            door.writeMetrics(out);
            assertThat(new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8))
                    .doesNotContain("muster_push_refused_total{");
        } finally {
            join(vertx.close());
        }
    }
}
