package dev.muster.launcher.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/// A small service worth scraping, with two switches: its requests can be made to fail, and it can
/// be made to look dead to a scrape.
public final class DemoService implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(100);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String USAGE =
            """
            demo service of Muster
              GET  /metrics             what it measures
              GET  /status              its switches
              POST /fail?on=true        40 of 100 requests fail and all are slow
              POST /fail?on=false       back to normal
              POST /hide?on=true        /metrics answers 503: the target is down, with a reason
              POST /hide?on=false       back to normal
            """;

    private final HttpServer server;
    private final ScheduledExecutorService load;
    private final Shop shop;
    private final AtomicBoolean hidden = new AtomicBoolean();

    private DemoService(HttpServer server, Shop shop) {
        this.server = server;
        this.shop = shop;
        this.load = Executors.newSingleThreadScheduledExecutor(daemon("demo-load"));
    }

    /// Starts it on loopback.
    ///
    /// @param port 0 for any free one
    /// @param random where the pretended requests come from
    public static DemoService start(int port, RandomGenerator random) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        var service = new DemoService(HttpServer.create(address, 0), new Shop(random));
        service.serve();
        return service;
    }

    /// Where it listens.
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        load.shutdownNow();
        server.stop(0);
    }

    private void serve() {
        server.createContext("/", exchange -> answer(exchange, 200, TEXT, USAGE));
        server.createContext("/-/ready", exchange -> answer(exchange, 200, TEXT, "ready\n"));
        server.createContext("/metrics", this::metrics);
        server.createContext(
                "/status", exchange -> answer(exchange, 200, "application/json", status()));
        server.createContext("/fail", exchange -> flip(exchange, shop::failing));
        server.createContext("/hide", exchange -> flip(exchange, hidden::set));
        server.start();
        var _ =
                load.scheduleAtFixedRate(
                        () -> shop.pass(STEP),
                        STEP.toMillis(),
                        STEP.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void metrics(HttpExchange exchange) throws IOException {
        if (hidden.get()) {
            answer(exchange, 503, TEXT, "hidden: POST /hide?on=false brings it back\n");
        } else {
            answer(exchange, 200, METRICS, shop.metrics());
        }
    }

    private interface Switch {
        void set(boolean on);
    }

    private void flip(HttpExchange exchange, Switch onto) throws IOException {
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        if (!exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 405, TEXT, "use POST\n");
        } else if (query.equals("on=true") || query.equals("on=false")) {
            onto.set(query.equals("on=true"));
            answer(exchange, 200, "application/json", status());
        } else {
            answer(exchange, 400, TEXT, "query must be on=true or on=false: found=" + query + "\n");
        }
    }

    private String status() {
        return "{\"failing\":%b,\"hidden\":%b}%n".formatted(shop.failing(), hidden.get());
    }

    private static void answer(HttpExchange exchange, int code, String type, String text)
            throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static java.util.concurrent.ThreadFactory daemon(String name) {
        return task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
