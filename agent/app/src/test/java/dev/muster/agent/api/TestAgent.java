package dev.muster.agent.api;

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

    private @Nullable Path directory;
    private @Nullable HttpServer service;

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
            server.start();
            Path scrape = made.resolve("scrape.yml");
            Files.writeString(
                    scrape,
                    "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: ['127.0.0.1:"
                            + server.getAddress().getPort()
                            + "', '127.0.0.1:"
                            + freePort()
                            + "']\n");
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
                    scrape.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
