package dev.muster.agent.scrape.job;

import java.util.List;
import java.util.Map;

/// Which proxy requests go through.
///
/// @param url `http://host:port` or `socks5://host:port`, user and password before the host where
///   it asks for them; empty for none
/// @param noProxy hosts that are reached without it, as `NO_PROXY` lists them
/// @param fromEnvironment takes it from `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` of the process
/// @param connectHeaders sent to the proxy with `CONNECT`, by name
public record ProxyAccess(
        Secret url,
        String noProxy,
        boolean fromEnvironment,
        Map<String, List<Secret>> connectHeaders) {
    public static final ProxyAccess NONE = new ProxyAccess(Secret.EMPTY, "", false, Map.of());

    public ProxyAccess {
        connectHeaders = Map.copyOf(connectHeaders);
    }
}
