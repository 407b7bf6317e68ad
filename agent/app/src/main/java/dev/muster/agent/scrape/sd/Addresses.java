package dev.muster.agent.scrape.sd;

/// Values of `__address__`.
public final class Addresses {
    private Addresses() {}

    /// `host:port`, with brackets around an IPv6 address.
    public static String of(String host, long port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
