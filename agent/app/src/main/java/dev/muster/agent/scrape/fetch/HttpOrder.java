package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.discovery.Endpoint;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// What is asked for.
///
/// @param endpoint where
/// @param headers without secrets; sent to other hosts, too, after a redirect
/// @param form sent as the body of a `POST`; null for a `GET`
/// @param followRedirects false takes a redirect for an answer
/// @param timeoutMs for the whole exchange; of a stream, until its head and between its pieces
/// @param stream the body may take longer than the timeout
record HttpOrder(
        Endpoint.Http endpoint,
        MultiMap headers,
        @Nullable Buffer form,
        boolean followRedirects,
        long timeoutMs,
        boolean stream) {
    /// Where an address leads to.
    ///
    /// @throws IllegalArgumentException if it is no HTTP address
    static Endpoint.Http endpoint(URI to) {
        @Nullable String host = to.getHost();
        boolean tls = "https".equalsIgnoreCase(to.getScheme());
        if (host == null || (!tls && !"http".equalsIgnoreCase(to.getScheme()))) {
            throw new IllegalArgumentException("address must be http or https with a host");
        }
        int port = to.getPort() > 0 ? to.getPort() : tls ? 443 : 80;
        String path = to.getRawPath() == null || to.getRawPath().isEmpty() ? "/" : to.getRawPath();
        String uri = to.getRawQuery() == null ? path : path + "?" + to.getRawQuery();
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new Endpoint.Http(tls, bare, port, uri);
    }

    /// Where a redirect leads to.
    ///
    /// @throws IllegalArgumentException if it is no HTTP address
    static Endpoint.Http redirected(Endpoint.Http from, String location) {
        URI to = URI.create(from.url()).resolve(location);
        Endpoint.Http endpoint = endpoint(to);
        String uri = endpoint.uri();
        // above the root there is nothing (RFC 3986, section 5.2.4); the JDK leaves it there
        while (uri.startsWith("/../")) {
            uri = uri.substring(3);
        }
        return new Endpoint.Http(endpoint.tls(), endpoint.host(), endpoint.port(), uri);
    }

    static boolean sameHost(Endpoint.Http one, Endpoint.Http other) {
        return one.tls() == other.tls()
                && one.port() == other.port()
                && one.host().equalsIgnoreCase(other.host());
    }
}
