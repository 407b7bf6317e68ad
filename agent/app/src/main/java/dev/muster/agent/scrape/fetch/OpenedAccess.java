package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.job.HttpAccess;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClient;

/// What requests show and where they go through, as it is now: secrets are read, a token is there.
/// Not changed once it is made.
final class OpenedAccess {
    private final HttpClients clients;
    private final HttpAccess access;
    private final MultiMap headers;
    private final ProxyRoutes proxies;
    private final PemTexts pem;
    private final Runnable onRefusal;

    /// @param headers with secrets: `Authorization` and those of `http_headers`
    /// @param onRefusal to be run when a server says that the credentials are wrong
    OpenedAccess(
            HttpClients clients,
            HttpAccess access,
            MultiMap headers,
            ProxyRoutes proxies,
            PemTexts pem,
            Runnable onRefusal) {
        this.clients = clients;
        this.access = access;
        this.headers = headers;
        this.proxies = proxies;
        this.pem = pem;
        this.onRefusal = onRefusal;
    }

    HttpClient client(boolean tls) {
        return tls ? clients.secure(access.tls(), pem, access.http2()) : clients.plain();
    }

    /// Headers that no other host may see.
    MultiMap headers() {
        return headers;
    }

    ProxyRoutes proxies() {
        return proxies;
    }

    HttpAccess access() {
        return access;
    }

    /// A server said that the credentials are wrong.
    void refused() {
        onRefusal.run();
    }
}
