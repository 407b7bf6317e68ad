package dev.muster.agent.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.muster.agent.why.ProbeResult.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackProbeTest {
    private final LoopbackProbe probe = new LoopbackProbe(Duration.ofMillis(500), System::nanoTime);
    private final Map<String, String> bodies = new TreeMap<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String body = bodies.get(exchange.getRequestURI().getPath());
                    byte[] bytes = (body == null ? "" : body).getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders()
                            .set(
                                    "Content-Type",
                                    body != null && body.startsWith("<")
                                            ? "text/html"
                                            : "text/plain");
                    exchange.sendResponseHeaders(
                            body == null ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private ProbeResult ask() {
        return probe.ask("127.0.0.1", server.getAddress().getPort());
    }

    @Test
    void countsSamples() {
        bodies.put("/metrics", "a 1\nb{x=\"1\"} 2\n");
        ProbeResult result = ask();
        assertThat(result.outcome()).isEqualTo(Outcome.METRICS);
        assertThat(result.samples()).isEqualTo(2);
        assertThat(result.format()).isEqualTo("prometheus text");
    }

    @Test
    void looksWhereServicesOftenHaveThem() {
        bodies.put("/actuator/prometheus", "a 1\n");
        ProbeResult result = ask();
        assertThat(result.outcome()).isEqualTo(Outcome.METRICS);
        assertThat(result.url()).endsWith("/actuator/prometheus");
        assertThat(Snippet.job(result.url())).contains("metrics_path: /actuator/prometheus");
    }

    @Test
    void tellsWhatElseAnswers() throws IOException {
        assertThat(ask().outcome()).isEqualTo(Outcome.STATUS);
        bodies.put("/metrics", "<html>hello</html>");
        assertThat(ask().outcome()).isEqualTo(Outcome.OTHER_CONTENT);
        bodies.put("/metrics", "hello, world!\n");
        assertThat(ask().outcome()).isEqualTo(Outcome.OTHER_CONTENT);
        bodies.put("/metrics", "a 1\nb{x=\"1} 2\n");
        ProbeResult broken = ask();
        assertThat(broken.outcome()).isEqualTo(Outcome.BROKEN_METRICS);
        assertThat(broken.error()).contains("line=2");
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
            assertThat(probe.ask("127.0.0.1", port).outcome()).isEqualTo(Outcome.TIMED_OUT);
        }
        assertThat(probe.ask("127.0.0.1", port).outcome()).isEqualTo(Outcome.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "127.0.0.1.example.com",
                "127.0.0.256",
                "localhost.example.com",
                "",
                "0.0.0.0",
                "169.254.169.254",
                "::ffff:10.0.0.1"
            })
    void asksNobodyElse(String host) {
        assertThatThrownBy(() -> probe.ask(host, 80))
                .hasMessageContaining("host must be a loopback address");
    }
}
