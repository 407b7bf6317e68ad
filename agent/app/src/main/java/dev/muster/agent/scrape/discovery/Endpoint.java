package dev.muster.agent.scrape.discovery;

/// Where the body of a scrape comes from.
public sealed interface Endpoint {
    /// How people and Prometheus' API see it.
    String url();

    /// An HTTP endpoint.
    ///
    /// @param tls `https`
    /// @param host name or address, without brackets
    /// @param port 1 to 65535
    /// @param uri path and query of the request
    record Http(boolean tls, String host, int port, String uri) implements Endpoint {
        public Http {
            if (host.isEmpty() || port < 1 || port > 65_535) {
                throw new IllegalArgumentException(
                        "target must have a host and a port from 1 to 65535: host="
                                + host
                                + ", port="
                                + port);
            }
        }

        @Override
        public String url() {
            String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
            return (tls ? "https://" : "http://") + name + ":" + port + uri;
        }
    }

    /// The host exporter of this process.
    record Host() implements Endpoint {
        @Override
        public String url() {
            return "muster:host";
        }
    }

    /// What others left with this process, such as pushed metrics.
    ///
    /// @param path what of it
    record Kept(String path) implements Endpoint {
        @Override
        public String url() {
            return "muster:" + path;
        }
    }

    /// What this process found of the services that registered.
    record Checks() implements Endpoint {
        @Override
        public String url() {
            return "muster:checks";
        }
    }
}
