package dev.muster.federation.hazelcast;

import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.tls.TlsSockets;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Asks a silent agent whether it lives, by another way than the bus.
public final class HttpProbe {
    private static final int TIMEOUT_MS = 700;

    /// How long each try to connect waits. TCP sends a first packet that was lost again after a
    /// second (RFC 6298), which is too late; and so does the other side with its answer. At 1 %
    /// loss two tries in a row fail once in 2,500 times, which a large cell sees each day; three
    /// once in 125,000.
    private static final int[] CONNECT_MS = {200, 200, TIMEOUT_MS - 400};

    private HttpProbe() {}

    /// Blocks for less than two seconds. Any byte that comes back is a sign of life, whatever it
    /// says.
    public static ProbeResult probe(String httpUrl) {
        boolean connected = false;
        try {
            URI url = URI.create(httpUrl);
            try (Socket plain = connect(String.valueOf(url.getHost()), port(url))) {
                connected = true;
                return ask(plain, url);
            }
        } catch (ConnectException e) {
            return String.valueOf(e.getMessage()).contains("refused")
                    ? ProbeResult.REFUSED
                    : ProbeResult.SILENT;
        } catch (IOException | IllegalArgumentException e) {
            return connected ? ProbeResult.CONNECTED : ProbeResult.SILENT;
        }
    }

    /// The port that a URL names, or that of its scheme.
    public static int port(URI url) {
        return url.getPort() > 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
    }

    private static Socket connect(String host, int port) throws IOException {
        for (int limitMs : CONNECT_MS) {
            var socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(host, port), limitMs);
                return socket;
            } catch (SocketTimeoutException e) {
                socket.close();
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }
        throw new SocketTimeoutException("no answer to tries to connect");
    }

    private static ProbeResult ask(Socket plain, URI url) throws IOException {
        plain.setSoTimeout(TIMEOUT_MS);
        Socket socket = TlsSockets.over(plain, url);
        String request =
                "GET /-/healthy HTTP/1.1\r\nHost: "
                        + url.getAuthority()
                        + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket.getInputStream().read() < 0 ? ProbeResult.CONNECTED : ProbeResult.ALIVE;
    }
}
