package dev.muster.agent.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Configuration of the agent under test: a directory of its own, free ports, one service to
/// scrape.
public final class TestAgent implements QuarkusTestResourceLifecycleManager {
    static final String SCRAPE_FILE = "test.scrape.file";
    static final String SERVICE_PORT = "test.service.port";
    static final String UNNAMED_PORT = "test.unnamed.port";

    private @Nullable Path directory;
    private @Nullable HttpServer service;
    private @Nullable HttpServer unnamed;

    @Override
    public Map<String, String> start() {
        try {
            Path made = Files.createTempDirectory("muster-agent-test");
            directory = made;
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            service = server;
            server.createContext(
                    "/metrics",
                    exchange -> {
                        byte[] body =
                                "# TYPE requests counter\nrequests{code=\"200\"} 42\n"
                                        .getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders()
                                .set("Content-Type", "text/plain; version=0.0.4");
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
            server.createContext("/broken", exchange -> answer(exchange, "a 1\nb{x=\"1} 2\n"));
            server.createContext(
                    "/several",
                    exchange ->
                            answer(
                                    exchange,
                                    "# HELP kept_total Kept.\n"
                                            + "# TYPE kept_total counter\n"
                                            + "kept_total 1\n"
                                            + "noisy{path=\"<script>alert(1)</script>\"} 2\n"
                                            + "jobs{job=\"cron\"} 3\n"));
            server.start();
            HttpServer other =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            unnamed = other;
            other.createContext("/metrics", exchange -> answer(exchange, "a 1\nb 2\n"));
            other.start();
            Path scrape = made.resolve("scrape.yml");
            Files.writeString(
                    scrape,
                    "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: ['127.0.0.1:"
                            + server.getAddress().getPort()
                            + "', '127.0.0.1:"
                            + freePort()
                            + "']\n"
                            + moreJobs("127.0.0.1:" + server.getAddress().getPort()));
            return Map.of(
                    "muster.agent.host",
                    "test-host",
                    "muster.agent.cell",
                    "test-cell",
                    "muster.agent.data-dir",
                    made.resolve("data").toString(),
                    "muster.cell.port",
                    Integer.toString(freePort()),
                    "muster.store.url",
                    "file://" + made.resolve("store"),
                    "muster.scrape.config-file",
                    scrape.toString(),
                    "muster.scrape.interval",
                    "250ms",
                    SCRAPE_FILE,
                    scrape.toString(),
                    SERVICE_PORT,
                    Integer.toString(server.getAddress().getPort()),
                    UNNAMED_PORT,
                    Integer.toString(other.getAddress().getPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A job whose rules drop all, one whose body is broken, and one with metric relabelling.
    private static String moreJobs(String address) {
        return """
        - job_name: dropped
          static_configs:
          - targets: ['dropped.example:1']
          relabel_configs:
          - {source_labels: [__address__], regex: 'dropped.*', action: drop}
        - job_name: broken
          metrics_path: /broken
          static_configs:
          - targets: ['ADDRESS']
        - job_name: several
          metrics_path: /several
          static_configs:
          - targets: ['ADDRESS']
            labels: {team: '<img src=x onerror=alert(1)>'}
          metric_relabel_configs:
          - {source_labels: [__name__], regex: 'noisy', action: drop}
        """
                .replace("ADDRESS", address);
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void stop() {
        if (service != null) {
            service.stop(0);
        }
        if (unnamed != null) {
            unnamed.stop(0);
        }
        if (directory == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(Objects.requireNonNull(directory))) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
