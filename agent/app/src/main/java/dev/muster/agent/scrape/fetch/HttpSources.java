package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.job.HttpRequests;
import io.vertx.core.Vertx;
import java.util.Map;

/// Makes the sources of HTTP targets. Targets with the same TLS settings share a client and its
/// kept connections. Thread-safe.
public final class HttpSources implements AutoCloseable {
    private final BodyPool pool;
    private final FetchMetrics metrics = new FetchMetrics();
    private final HttpExchanges exchanges;
    private final HttpRequests requests;

    public HttpSources(Vertx vertx, BodyPool pool) {
        this(vertx, pool, System.getenv());
    }

    /// @param environment where proxies may be named
    HttpSources(Vertx vertx, BodyPool pool, Map<String, String> environment) {
        this.pool = pool;
        exchanges = new HttpExchanges(vertx, System::nanoTime, environment, metrics);
        requests = new HttpClientRequests(exchanges, new UnixSockets(vertx));
    }

    public BodySource of(Target target, Endpoint.Http endpoint) {
        return new HttpSource(exchanges, pool, target, endpoint);
    }

    /// Requests of discoveries.
    public HttpRequests requests() {
        return requests;
    }

    /// Meters of tokens and fetches.
    public FetchMetrics metrics() {
        return metrics;
    }

    @Override
    public void close() {
        exchanges.close();
    }
}
