package dev.muster.agent.takeover;

import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.hazelcast.HttpProbe;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/// Asks a lost agent's host whether it lives: first the agent's port, then ports of its services.
/// Blocks for less than 2.5 s; a port of a service that takes no connection within 350 ms is
/// silent.
final class HostProbe {
    private static final int CONNECT_MS = 350;

    /// How many ports of services are asked when the agent's is silent.
    private static final int PORTS_LIMIT = 3;

    private final String agent;
    private final List<InetSocketAddress> services;

    private HostProbe(String agent, List<InetSocketAddress> services) {
        this.agent = agent;
        this.services = services;
    }

    /// @param httpUrl of the agent
    /// @throws IllegalArgumentException if it is no URL with a host
    static HostProbe of(String httpUrl, Manifest manifest) {
        String host = host(httpUrl);
        int port = HttpProbe.port(URI.create(httpUrl));
        List<InetSocketAddress> services =
                manifest.targets().stream()
                        .flatMap(target -> target.endpoint().stream())
                        .filter(endpoint -> endpoint.host().equals(host))
                        .map(endpoint -> endpoint.port())
                        .distinct()
                        .filter(other -> other != port)
                        .limit(PORTS_LIMIT)
                        .map(other -> new InetSocketAddress(host, other))
                        .toList();
        return new HostProbe(httpUrl, services);
    }

    /// The host in the URL of an agent, without brackets.
    static String host(String httpUrl) {
        String host = URI.create(httpUrl).getHost();
        if (host == null) {
            throw new IllegalArgumentException("agent url must have a host: url=" + httpUrl);
        }
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /// The best that the agent's port answered, or else ports of services.
    ProbeResult ask() {
        ProbeResult result = HttpProbe.probe(agent);
        if (result != ProbeResult.SILENT) {
            return result;
        }
        for (InetSocketAddress service : services) {
            ProbeResult other = connect(service);
            if (other != ProbeResult.SILENT) {
                return other;
            }
        }
        return ProbeResult.SILENT;
    }

    private static ProbeResult connect(InetSocketAddress service) {
        try (Socket socket = new Socket()) {
            socket.connect(service, CONNECT_MS);
            return ProbeResult.CONNECTED;
        } catch (ConnectException e) {
            return isRefused(e) ? ProbeResult.REFUSED : ProbeResult.SILENT;
        } catch (IOException e) {
            return ProbeResult.SILENT;
        }
    }

    private static boolean isRefused(ConnectException e) {
        return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("refused");
    }
}
