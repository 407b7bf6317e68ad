package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.job.TlsFiles;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.HashMap;
import java.util.Map;

/// Makes the sources of HTTP targets. Targets with the same TLS settings share a client and its
/// kept connections. Thread-safe.
public final class HttpSources implements AutoCloseable {
    private static final int CONNECTIONS_PER_ENDPOINT = 4;
    private static final int KEEP_ALIVE_SECONDS = 120;
    private static final int HEADER_BYTES_LIMIT = 64 << 10;

    private final Vertx vertx;
    private final BodyPool pool;
    private final Map<TlsFiles, HttpClient> clients = new HashMap<>();

    public HttpSources(Vertx vertx, BodyPool pool) {
        this.vertx = vertx;
        this.pool = pool;
    }

    public BodySource of(Target target, Endpoint.Http endpoint) {
        return new HttpSource(vertx, client(target.job().access().tls()), pool, target, endpoint);
    }

    private synchronized HttpClient client(TlsFiles tls) {
        return clients.computeIfAbsent(tls, this::create);
    }

    private HttpClient create(TlsFiles tls) {
        HttpClientOptions options =
                new HttpClientOptions()
                        .setKeepAlive(true)
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setMaxHeaderSize(HEADER_BYTES_LIMIT)
                        .setTcpNoDelay(true)
                        .setTrustAll(tls.insecureSkipVerify())
                        .setVerifyHost(!tls.insecureSkipVerify());
        tls.caFile()
                .ifPresent(file ->
                        options.setTrustOptions(
                                new PemTrustOptions().addCertPath(file.toString())));
        tls.certFile()
                .ifPresent(file ->
                        options.setKeyCertOptions(
                                new PemKeyCertOptions()
                                        .setCertPath(file.toString())
                                        .setKeyPath(tls.keyFile().orElseThrow().toString())));
        return vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_ENDPOINT));
    }

    @Override
    public synchronized void close() {
        clients.values().forEach(HttpClient::close);
        clients.clear();
    }
}
