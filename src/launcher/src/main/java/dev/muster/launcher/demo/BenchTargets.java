package dev.muster.launcher.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// A crowd of targets to scrape, each on a port of its own.
public final class BenchTargets implements AutoCloseable {
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4";
    private static final long HUGE = 10_000_000;

    private final List<HttpServer> servers = new ArrayList<>();

    private BenchTargets() {}

    /// Starts `count` targets on loopback, from `firstPort` on.
    ///
    /// @param series how many each exposes
    public static BenchTargets start(int count, int series, int firstPort) throws IOException {
        var targets = new BenchTargets();
        for (var index = 0; index < count; index++) {
            var target = new BenchTarget(index, series);
            var address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), firstPort + index);
            var server = HttpServer.create(address, 0);
            server.createContext("/metrics", exchange -> answer(exchange, target));
            server.start();
            targets.servers.add(server);
        }
        return targets;
    }

    /// Starts one target more, whose series explode. `/shown` tells how many were shown, `/huge` is
    /// a body of ten million.
    ///
    /// @param series that it always has
    /// @param perScrape new ones at each scrape
    /// @param limit new ones in all
    public void churn(int series, int perScrape, long limit, int port) throws IOException {
        var target = new ChurnTarget(new BenchTarget(0, series), perScrape, limit);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        var server = HttpServer.create(address, 0);
        server.createContext(
                "/metrics",
                exchange -> {
                    synchronized (target) {
                        send(exchange, target.next());
                    }
                });
        server.createContext(
                "/shown",
                exchange -> {
                    synchronized (target) {
                        send(exchange, (target.shown() + "\n").getBytes(UTF_8));
                    }
                });
        server.createContext("/huge", BenchTargets::sendHuge);
        server.start();
        servers.add(server);
    }

    private static void answer(HttpExchange exchange, BenchTarget target) throws IOException {
        synchronized (target) {
            send(exchange, target.next());
        }
    }

    private static void send(HttpExchange exchange, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
        exchange.sendResponseHeaders(200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static void sendHuge(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
        exchange.sendResponseHeaders(200, 0);
        try (var out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
            ChurnTarget.writeHuge(HUGE, out);
        }
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }
}
