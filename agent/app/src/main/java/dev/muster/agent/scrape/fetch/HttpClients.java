package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.job.TlsAccess;
import dev.muster.agent.scrape.job.TlsVersion;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// HTTP clients and their kept connections, one for all requests with the same TLS settings.
/// Thread-safe.
final class HttpClients implements AutoCloseable {
    static final int HEADER_BYTES_LIMIT = 64 << 10;
    private static final int CONNECTIONS_PER_ENDPOINT = 4;
    private static final int KEEP_ALIVE_SECONDS = 120;

    private record Kind(TlsAccess tls, boolean http2) {}

    private static final class Opened {
        final HttpClient client;
        PemTexts pem;

        Opened(HttpClient client, PemTexts pem) {
            this.client = client;
            this.pem = pem;
        }
    }

    private final Vertx vertx;
    private final Map<Kind, Opened> secure = new HashMap<>();
    private @Nullable HttpClient plain;

    HttpClients(Vertx vertx) {
        this.vertx = vertx;
    }

    /// The client of requests without TLS.
    synchronized HttpClient plain() {
        HttpClient client = plain;
        if (client == null) {
            client = create(new HttpClientOptions());
            plain = client;
        }
        return client;
    }

    /// The client of requests with TLS. Certificates that have changed hold for new connections.
    synchronized HttpClient secure(TlsAccess tls, PemTexts pem, boolean http2) {
        Kind kind = new Kind(tls, http2);
        Opened opened = secure.get(kind);
        if (opened == null) {
            opened = new Opened(create(secureOptions(tls, pem, http2)), pem);
            secure.put(kind, opened);
        } else if (!opened.pem.equals(pem)) {
            opened.pem = pem;
            opened.client.updateSSLOptions(sslOptions(tls, pem, http2));
        }
        return opened.client;
    }

    private HttpClient create(HttpClientOptions options) {
        return vertx.createHttpClient(
                options.setKeepAlive(true)
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setMaxHeaderSize(HEADER_BYTES_LIMIT)
                        .setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_ENDPOINT));
    }

    private static HttpClientOptions secureOptions(TlsAccess tls, PemTexts pem, boolean http2) {
        HttpClientOptions options =
                new HttpClientOptions()
                        .setTrustAll(tls.insecureSkipVerify())
                        .setVerifyHost(!tls.insecureSkipVerify())
                        .setForceSni(!tls.serverName().isEmpty())
                        .setEnabledSecureTransportProtocols(protocols(tls))
                        .setUseAlpn(http2);
        if (http2) {
            options.setProtocolVersion(HttpVersion.HTTP_2);
        }
        if (!pem.ca().isEmpty()) {
            options.setTrustOptions(trust(pem));
        }
        if (!pem.cert().isEmpty()) {
            options.setKeyCertOptions(identity(pem));
        }
        return options;
    }

    private static SSLOptions sslOptions(TlsAccess tls, PemTexts pem, boolean http2) {
        SSLOptions options =
                new SSLOptions()
                        .setEnabledSecureTransportProtocols(protocols(tls))
                        .setUseAlpn(http2);
        if (!pem.ca().isEmpty()) {
            options.setTrustOptions(trust(pem));
        }
        if (!pem.cert().isEmpty()) {
            options.setKeyCertOptions(identity(pem));
        }
        return options;
    }

    private static PemTrustOptions trust(PemTexts pem) {
        return new PemTrustOptions().addCertValue(Buffer.buffer(pem.ca()));
    }

    private static PemKeyCertOptions identity(PemTexts pem) {
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(pem.cert()))
                .setKeyValue(Buffer.buffer(pem.key()));
    }

    private static Set<String> protocols(TlsAccess tls) {
        Set<String> names = new LinkedHashSet<>();
        Arrays.stream(TlsVersion.values())
                .filter(version -> version.compareTo(tls.oldest()) >= 0)
                .filter(version -> version.compareTo(tls.newest()) <= 0)
                .forEach(version -> names.add(version.protocol()));
        return names;
    }

    @Override
    public synchronized void close() {
        secure.values().forEach(opened -> opened.client.close());
        secure.clear();
        if (plain != null) {
            plain.close();
            plain = null;
        }
    }
}
