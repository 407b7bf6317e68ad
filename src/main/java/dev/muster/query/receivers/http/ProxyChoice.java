package dev.muster.query.receivers.http;

import dev.muster.query.receivers.settings.ProxySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Chooses the proxy of a URL. Thread-safe.
final class ProxyChoice extends ProxySelector {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final ProxySettings settings;

    ProxyChoice(ProxySettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Proxy> select(URI url) {
        boolean secure = "https".equals(url.getScheme());
        Optional<URI> proxy = secure ? settings.secureUrl() : settings.url();
        if (proxy.isEmpty() || settings.except().stream().anyMatch(name -> fits(name, url))) {
            return List.of(Proxy.NO_PROXY);
        }
        return List.of(
                new Proxy(
                        Proxy.Type.HTTP,
                        InetSocketAddress.createUnresolved(
                                proxy.get().getHost(), port(proxy.get()))));
    }

    private static int port(URI url) {
        return url.getPort() > 0
                ? url.getPort()
                : "https".equals(url.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    }

    /// As `no_proxy` has it: `*`, a network, or a host and what ends like it, with a port or
    /// without.
    static boolean fits(String name, URI url) {
        if (name.equals("*")) {
            return true;
        }
        String host = url.getHost().toLowerCase(Locale.ROOT);
        int slash = name.indexOf('/');
        if (slash > 0) {
            return isIn(host, name.substring(0, slash), name.substring(slash + 1));
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        int colon = wanted.lastIndexOf(':');
        if (colon > 0 && wanted.indexOf(':') == colon) {
            if (!wanted.substring(colon + 1).equals(String.valueOf(port(url)))) {
                return false;
            }
            wanted = wanted.substring(0, colon);
        }
        String bare = wanted.startsWith(".") ? wanted.substring(1) : wanted;
        return (host.equals(bare) && !wanted.startsWith(".")) || host.endsWith("." + bare);
    }

    private static boolean isIn(String host, String network, String bits) {
        try {
            byte[] own = InetAddress.ofLiteral(host).getAddress();
            byte[] base = InetAddress.ofLiteral(network).getAddress();
            int count = Integer.parseInt(bits);
            if (own.length != base.length || count < 0 || count > own.length * 8) {
                return false;
            }
            for (int i = 0; i < count; i++) {
                int mask = 0x80 >> (i % 8);
                if ((own[i / 8] & mask) != (base[i / 8] & mask)) {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    @Override
    public void connectFailed(URI url, SocketAddress address, IOException problem) {
        // the call fails and says why
    }
}
