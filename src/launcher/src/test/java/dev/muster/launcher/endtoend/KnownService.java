package dev.muster.launcher.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/// A target that counts its scrapes and says the count: so every stored sample names the scrape it
/// came from, and a gap or a double is seen by arithmetic. A second series carries a number with
/// all its digits that follows from the count.
final class KnownService implements AutoCloseable {
    private final HttpServer server;
    private final AtomicLong scrapes = new AtomicLong();

    KnownService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", this::answer);
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    long scrapes() {
        return scrapes.get();
    }

    /// What `known_value` is in scrape `count`.
    static double valueOf(long count) {
        return Math.sin(count) * 1e6;
    }

    private void answer(HttpExchange exchange) throws IOException {
        var count = scrapes.incrementAndGet();
        var body =
                """
                # TYPE known_scrapes_total counter
                known_scrapes_total %d
                # TYPE known_value gauge
                known_value{kind="sine"} %s
                """
                        .formatted(count, valueOf(count))
                        .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
        exchange.sendResponseHeaders(200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
