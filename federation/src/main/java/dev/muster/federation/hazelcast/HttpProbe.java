package dev.muster.federation.hazelcast;

import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.tls.TlsSockets;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Asks a silent agent whether it lives, by another way than the bus.
public final class HttpProbe {
    private static final int TIMEOUT_MS = 700;

    private HttpProbe() {}

    /// Blocks for less than two seconds. Any byte that comes back is a sign of life, whatever it
    /// says.
    public static ProbeResult probe(String httpUrl) {
        boolean connected = false;
        try (var plain = new Socket()) {
            URI url = URI.create(httpUrl);
            int port =
                    url.getPort() > 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
            plain.connect(new InetSocketAddress(String.valueOf(url.getHost()), port), TIMEOUT_MS);
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
            return String.valueOf(e.getMessage()).contains("refused")
                    ? ProbeResult.REFUSED
                    : ProbeResult.SILENT;
        } catch (IOException | IllegalArgumentException e) {
            return connected ? ProbeResult.CONNECTED : ProbeResult.SILENT;
        }
    }
}
