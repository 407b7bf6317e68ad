package dev.muster.agent.takeover;

import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.tls.TlsSockets;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Asks a lost agent's host whether it lives: first the agent's port, then ports of its services.
/// Blocks for less than 2.2 s; a port that gives no answer within 700 ms is silent.
final class HostProbe {
    private static final int TIMEOUT_MS = 700;

    /// How many ports of services are asked when the agent's is silent.
    private static final int PORTS_LIMIT = 3;

    private final InetSocketAddress agent;
    private final URI url;
    private final List<InetSocketAddress> services;

    private HostProbe(InetSocketAddress agent, URI url, List<InetSocketAddress> services) {
        this.agent = agent;
        this.url = url;
        this.services = services;
    }

    /// @param httpUrl of the agent
    /// @throws IllegalArgumentException if it is no URL with a host
    static HostProbe of(String httpUrl, Manifest manifest) {
        URI url = URI.create(httpUrl);
        String host = host(httpUrl);
        int port = url.getPort() > 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
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
        return new HostProbe(new InetSocketAddress(host, port), url, services);
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
        ProbeResult result = askAgent();
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

    private ProbeResult askAgent() {
        boolean connected = false;
        try (Socket plain = new Socket()) {
            plain.connect(agent, TIMEOUT_MS);
            connected = true;
            plain.setSoTimeout(TIMEOUT_MS);
            Socket socket = TlsSockets.over(plain, url);
            String request =
                    "GET /-/healthy HTTP/1.1\r\nHost: "
                            + url.getAuthority()
                            + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() < 0 ? ProbeResult.CONNECTED : ProbeResult.ALIVE;
        } catch (ConnectException e) {
            return isRefused(e) ? ProbeResult.REFUSED : ProbeResult.SILENT;
        } catch (IOException e) {
            return connected ? ProbeResult.CONNECTED : ProbeResult.SILENT;
        }
    }

    private static ProbeResult connect(InetSocketAddress service) {
        try (Socket socket = new Socket()) {
            socket.connect(service, TIMEOUT_MS / 2);
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
