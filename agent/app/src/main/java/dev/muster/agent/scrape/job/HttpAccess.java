package dev.muster.agent.scrape.job;

import java.util.List;
import java.util.Map;

/// How a job's targets are reached over HTTP.
///
/// @param credentials sent with every request, but not to another host after a redirect
/// @param tls for `https`
/// @param proxy that requests go through
/// @param headers sent with every request, but not to another host after a redirect; by name, each
///   with all its values
/// @param followRedirects false makes a redirect a failed scrape
/// @param compression asks for compressed bodies
/// @param http2 speaks HTTP/2 over TLS where the server does
public record HttpAccess(
        Credentials credentials,
        TlsAccess tls,
        ProxyAccess proxy,
        Map<String, List<Secret>> headers,
        boolean followRedirects,
        boolean compression,
        boolean http2) {
    public static final HttpAccess DEFAULT =
            new HttpAccess(
                    new Credentials.None(),
                    TlsAccess.DEFAULT,
                    ProxyAccess.NONE,
                    Map.of(),
                    true,
                    true,
                    true);

    public HttpAccess {
        headers = Map.copyOf(headers);
    }

    /// The same, but a redirect is a failure.
    public HttpAccess withoutRedirects() {
        return new HttpAccess(credentials, tls, proxy, headers, false, compression, http2);
    }

    /// The same with other credentials.
    public HttpAccess withCredentials(Credentials other) {
        return new HttpAccess(other, tls, proxy, headers, followRedirects, compression, http2);
    }

    /// The same with other TLS settings.
    public HttpAccess withTls(TlsAccess other) {
        return new HttpAccess(
                credentials, other, proxy, headers, followRedirects, compression, http2);
    }

    /// The same through another proxy.
    public HttpAccess withProxy(ProxyAccess other) {
        return new HttpAccess(
                credentials, tls, other, headers, followRedirects, compression, http2);
    }
}
