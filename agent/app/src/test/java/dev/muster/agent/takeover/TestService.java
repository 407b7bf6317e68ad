package dev.muster.agent.takeover;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// A service with metrics: a counter that grows, and when its process was started.
final class TestService implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong requests = new AtomicLong();
    volatile int status = 200;

    TestService(InetAddress address, int port, double startSeconds) throws IOException {
        server = HttpServer.create(new InetSocketAddress(address, port), 0);
        server.setExecutor(threads);
        server.createContext(
                "/metrics",
                exchange -> {
                    byte[] body =
                            ("# TYPE requests_total counter\nrequests_total "
                                            + requests.incrementAndGet()
                                            + "\nprocess_start_time_seconds "
                                            + startSeconds
                                            + "\n")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
                    exchange.sendResponseHeaders(status, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    static TestService start() throws IOException {
        return new TestService(
                InetAddress.getLoopbackAddress(), 0, System.currentTimeMillis() / 1e3 - 3_600);
    }

    int port() {
        return server.getAddress().getPort();
    }

    String instance() {
        return "127.0.0.1:" + port();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
