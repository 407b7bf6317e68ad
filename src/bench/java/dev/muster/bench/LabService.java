package dev.muster.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// A service with a few metrics, on a host of the lab: `LabService PORT`.
final class LabService {
    private LabService() {}

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        double started = System.currentTimeMillis() / 1000.0;
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 16);
        server.createContext(
                "/metrics",
                exchange -> {
                    String text =
                            "# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds "
                                    + started
                                    + "\n# TYPE lab_requests_total counter\nlab_requests_total "
                                    + System.nanoTime() / 1_000_000
                                    + "\n";
                    byte[] body = text.getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }
}
