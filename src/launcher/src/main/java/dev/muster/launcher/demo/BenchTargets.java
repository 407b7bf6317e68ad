package dev.muster.launcher.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// A crowd of targets to scrape, each on a port of its own.
public final class BenchTargets implements AutoCloseable {
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

    private static void answer(HttpExchange exchange, BenchTarget target) throws IOException {
        synchronized (target) {
            var body = target.next();
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }
}
