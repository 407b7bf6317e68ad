package dev.muster.agent.takeover;

import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// Whether, and where, other hosts find the targets of this one. Immutable.
///
/// @param address by which other hosts know this one, such as that of the agent's own port
/// @param ports how ports of this host are listened on
record Reach(String address, Ports ports) {
    static final String LOOPBACK_ONLY = "unprobeable: it listens on loopback only";
    static final String IN_AGENT = "unprobeable: the agent itself tells of it";
    static final String OTHER_NETWORK =
            "unprobeable: it is in a network of its own on the agent's host";

    /// Labels of what was found in another network namespace of the host. Pods have addresses that
    /// other hosts find; other containers do not.
    private static final String NETWORK_LABEL = "__meta_listener_network";

    private static final String POD_LABEL = "__meta_listener_pod_uid";

    private static final String DOCKER_KIND = "docker";

    /// Knows on which addresses ports are listened on.
    @FunctionalInterface
    interface Ports {
        /// Where other hosts find the port; empty if they do not.
        ///
        /// @param everywhere the answer where it is bound to all addresses
        String reachable(int port, String everywhere);

        /// Asks only when something is on loopback, and then once.
        static Ports lazily(Supplier<Ports> source) {
            return new Ports() {
                private Optional<Ports> read = Optional.empty();

                @Override
                public synchronized String reachable(int port, String everywhere) {
                    if (read.isEmpty()) {
                        read = Optional.of(source.get());
                    }
                    return read.get().reachable(port, everywhere);
                }
            };
        }
    }

    /// Where other hosts find a target, or why they do not.
    ///
    /// @param endpoint empty if they do not
    /// @param reason empty if they do
    record Answer(Optional<Endpoint.Http> endpoint, String reason) {
        private static Answer no(String reason) {
            return new Answer(Optional.empty(), reason);
        }

        private static Answer at(Endpoint.Http endpoint, String host) {
            return new Answer(
                    Optional.of(
                            new Endpoint.Http(
                                    endpoint.tls(), host, endpoint.port(), endpoint.uri())),
                    "");
        }
    }

    Answer of(Target target) {
        if (!(target.endpoint() instanceof Endpoint.Http endpoint)) {
            return Answer.no(IN_AGENT);
        }
        boolean container =
                !target.discovered().valueOf(NETWORK_LABEL).isEmpty()
                        && target.discovered().valueOf(POD_LABEL).isEmpty();
        if (container || target.origin().kind().equals(DOCKER_KIND)) {
            return Answer.no(OTHER_NETWORK);
        }
        // where peers are told a loopback address, all of them are on this host
        if (!isLoopback(endpoint.host()) || isLoopback(address)) {
            return Answer.at(endpoint, endpoint.host());
        }
        String host = ports.reachable(endpoint.port(), address);
        return host.isEmpty() ? Answer.no(LOOPBACK_ONLY) : Answer.at(endpoint, host);
    }

    /// Names other than those of loopback are not looked up.
    static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return true;
        }
        boolean literal = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
        try {
            return literal && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
