package dev.muster.agent.why;

/// Host and port of what somebody asked for, where it has them.
///
/// @param host without brackets; empty where there is none
/// @param port 0 where there is none
record HostPort(String host, int port) {
    private static final HostPort NONE = new HostPort("", 0);

    /// Of `host:port`, `[host]:port` or a URL.
    static HostPort of(String text) {
        String rest = text.replaceFirst("^https?://", "");
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        int colon = authority.lastIndexOf(':');
        if (colon <= 0) {
            return NONE;
        }
        String host = authority.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = Integer.parseInt(authority.substring(colon + 1));
            return port < 1 || port > 65_535 ? NONE : new HostPort(host, port);
        } catch (NumberFormatException e) {
            return NONE;
        }
    }
}
