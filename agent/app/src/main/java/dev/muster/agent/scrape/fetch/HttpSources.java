package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.job.TlsAccess;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    private final Map<TlsAccess, HttpClient> clients = new HashMap<>();

    public HttpSources(Vertx vertx, BodyPool pool) {
        this.vertx = vertx;
        this.pool = pool;
    }

    public BodySource of(Target target, Endpoint.Http endpoint) {
        return new HttpSource(vertx, client(target.job().access().tls()), pool, target, endpoint);
    }

    private synchronized HttpClient client(TlsAccess tls) {
        return clients.computeIfAbsent(tls, this::create);
    }

    private HttpClient create(TlsAccess tls) {
        HttpClientOptions options =
                new HttpClientOptions()
                        .setKeepAlive(true)
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setMaxHeaderSize(HEADER_BYTES_LIMIT)
                        .setTcpNoDelay(true)
                        .setTrustAll(tls.insecureSkipVerify())
                        .setVerifyHost(!tls.insecureSkipVerify());
        tls.ca()
                .ifPresent(pem ->
                        options.setTrustOptions(new PemTrustOptions().addCertValue(buffer(pem))));
        tls.cert()
                .ifPresent(pem ->
                        options.setKeyCertOptions(
                                new PemKeyCertOptions()
                                        .setCertValue(buffer(pem))
                                        .setKeyValue(buffer(tls.key().orElseThrow()))));
        return vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_ENDPOINT));
    }

    private static Buffer buffer(Secret pem) {
        try {
            return Buffer.buffer(pem.reveal());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        clients.values().forEach(HttpClient::close);
        clients.clear();
    }
}
