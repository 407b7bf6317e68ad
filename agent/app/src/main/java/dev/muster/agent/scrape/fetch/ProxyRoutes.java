package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.job.ProxyAccess;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which proxy a request goes through. Immutable.
final class ProxyRoutes {
    static final ProxyRoutes NONE = new ProxyRoutes(null, null, null);

    private final @Nullable ProxyOptions http;
    private final @Nullable ProxyOptions https;
    private final @Nullable ProxyBypass bypass;

    private ProxyRoutes(
            @Nullable ProxyOptions http,
            @Nullable ProxyOptions https,
            @Nullable ProxyBypass bypass) {
        this.http = http;
        this.https = https;
        this.bypass = bypass;
    }

    /// @param environment of the process
    /// @throws FetchException if the address of a proxy is wrong
    static ProxyRoutes of(ProxyAccess access, Map<String, String> environment)
            throws FetchException {
        if (access.fromEnvironment()) {
            String noProxy = variable(environment, "NO_PROXY");
            return new ProxyRoutes(
                    proxy(variable(environment, "HTTP_PROXY")),
                    proxy(variable(environment, "HTTPS_PROXY")),
                    new ProxyBypass(noProxy));
        }
        if (access.equals(ProxyAccess.NONE)) {
            return NONE;
        }
        String url;
        try {
            url = access.url().reveal();
        } catch (IOException e) {
            throw new FetchException(
                    FetchFault.PROXY, "proxy_url must be readable: " + e.getMessage(), e);
        }
        @Nullable ProxyOptions proxy = proxy(url);
        @Nullable ProxyBypass bypass =
                access.noProxy().isEmpty() ? null : new ProxyBypass(access.noProxy());
        return new ProxyRoutes(proxy, proxy, bypass);
    }

    /// The proxy of requests with TLS; null for none.
    @Nullable ProxyOptions secure() {
        return https;
    }

    /// The same with another proxy of requests with TLS.
    ProxyRoutes withSecure(ProxyOptions other) {
        return new ProxyRoutes(http, other, bypass);
    }

    /// The proxy to that host; null for none.
    @Nullable ProxyOptions to(boolean tls, String host, int port) {
        @Nullable ProxyOptions proxy = tls ? https : http;
        return proxy == null || (bypass != null && bypass.covers(host, port)) ? null : proxy;
    }

    private static String variable(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty()
                ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "")
                : value;
    }

    private static @Nullable ProxyOptions proxy(String url) throws FetchException {
        if (url.isEmpty()) {
            return null;
        }
        String whole = url.contains("://") ? url : "http://" + url;
        try {
            URI uri = new URI(whole);
            @Nullable String host = uri.getHost();
            @Nullable ProxyType type = type(uri.getScheme());
            if (host == null || type == null) {
                throw wrong();
            }
            int port = uri.getPort() > 0 ? uri.getPort() : type == ProxyType.HTTP ? 80 : 1080;
            String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            ProxyOptions options = new ProxyOptions().setType(type).setHost(bare).setPort(port);
            @Nullable String user = uri.getRawUserInfo();
            if (user != null) {
                int colon = user.indexOf(':');
                options.setUsername(decoded(colon < 0 ? user : user.substring(0, colon)));
                options.setPassword(colon < 0 ? "" : decoded(user.substring(colon + 1)));
            }
            return options;
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw wrong();
        }
    }

    /// Without what was found, as it may hold a password.
    private static FetchException wrong() {
        return new FetchException(
                FetchFault.PROXY,
                "proxy must be http://host:port or socks5://host:port, user and password before the"
                        + " host if it wants them");
    }

    private static @Nullable ProxyType type(@Nullable String scheme) {
        return switch (scheme) {
            case "http" -> ProxyType.HTTP;
            case "socks5", "socks5h" -> ProxyType.SOCKS5;
            case null, default -> null;
        };
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
