package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.discovery.Endpoint;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// What holds for every fetch of a target.
///
/// @param timeoutMs for a whole fetch
/// @param bodyLimitBytes most bytes of a body as received; 0 for no limit
/// @param followRedirects false makes a redirect a failure
record HttpFetchOptions(long timeoutMs, long bodyLimitBytes, boolean followRedirects) {
    static RequestOptions request(Endpoint.Http endpoint, MultiMap headers) {
        return new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setSsl(endpoint.tls())
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setURI(endpoint.uri())
                .setHeaders(headers);
    }

    /// The request that a redirect leads to. Credentials stay behind where the host changes.
    ///
    /// @throws IllegalArgumentException if the location is no HTTP address
    RequestOptions redirected(RequestOptions from, String location) {
        boolean ssl = Boolean.TRUE.equals(from.isSsl());
        String host = from.getHost().indexOf(':') < 0 ? from.getHost() : "[" + from.getHost() + "]";
        URI base =
                URI.create(
                        (ssl ? "https" : "http")
                                + "://"
                                + host
                                + ":"
                                + from.getPort()
                                + from.getURI());
        URI to = base.resolve(location);
        @Nullable String toHost = to.getHost();
        boolean tls = "https".equals(to.getScheme());
        if (toHost == null || (!tls && !"http".equals(to.getScheme()))) {
            throw new IllegalArgumentException("no http address: " + to);
        }
        int port = to.getPort() > 0 ? to.getPort() : tls ? 443 : 80;
        String path = to.getRawPath() == null || to.getRawPath().isEmpty() ? "/" : to.getRawPath();
        String uri = to.getRawQuery() == null ? path : path + "?" + to.getRawQuery();
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(from.getHeaders());
        if (!toHost.equalsIgnoreCase(host) || port != from.getPort()) {
            headers.remove(HttpHeaders.AUTHORIZATION);
        }
        String bare = toHost.startsWith("[") ? toHost.substring(1, toHost.length() - 1) : toHost;
        return request(new Endpoint.Http(tls, bare, port, uri), headers);
    }
}
