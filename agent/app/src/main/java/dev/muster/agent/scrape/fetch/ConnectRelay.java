package dev.muster.agent.scrape.fetch;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ProxyOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Adds headers to the `CONNECT` requests that go to a proxy.
final class ConnectRelay implements AutoCloseable {
    /*
     * The HTTP client sends no headers of our own to a proxy. So its proxy is this relay on the
     * loopback interface, which lets nobody else in: the client shows a password made for it. The
     * relay asks the real proxy with the headers, and hands on what both sides say from then on.
     */
    private static final int HEAD_BYTES_LIMIT = 16 << 10;
    private static final long LISTEN_SECONDS = 5;
    private static final String USER = "relay";

    private final ProxyOptions proxy;
    private final MultiMap headers;
    private final NetServer server;
    private final NetClient client;
    private final String password;
    private final byte[] authorization;

    private ConnectRelay(Vertx vertx, ProxyOptions proxy, MultiMap headers) {
        this.proxy = proxy;
        this.headers = headers;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        password = HexFormat.of().formatHex(random);
        authorization = AccessReader.basic(USER, password).getBytes(StandardCharsets.UTF_8);
        client = vertx.createNetClient();
        server =
                vertx.createNetServer(new NetServerOptions().setHost("127.0.0.1").setPort(0))
                        .connectHandler(this::accept);
    }

    /// Waits until the relay can be used. Not for an event loop.
    static ConnectRelay open(Vertx vertx, ProxyOptions proxy, MultiMap headers)
            throws FetchException, InterruptedException {
        ConnectRelay relay = new ConnectRelay(vertx, proxy, headers);
        try {
            relay.server
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(LISTEN_SECONDS, TimeUnit.SECONDS);
            return relay;
        } catch (ExecutionException | TimeoutException e) {
            relay.close();
            throw new FetchException(FetchFault.PROXY, "relay to the proxy must listen: " + e, e);
        }
    }

    /// What a client sees as its proxy.
    ProxyOptions options() {
        return new ProxyOptions()
                .setHost("127.0.0.1")
                .setPort(server.actualPort())
                .setUsername(USER)
                .setPassword(password);
    }

    private void accept(NetSocket inside) {
        Buffer head = Buffer.buffer();
        inside.exceptionHandler(_ -> inside.close());
        inside.handler(piece -> {
            head.appendBuffer(piece);
            String text = head.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith("\r\n\r\n")) {
                inside.pause();
                connect(inside, text);
            } else if (head.length() > HEAD_BYTES_LIMIT) {
                inside.close();
            }
        });
    }

    private void connect(NetSocket inside, String head) {
        String[] lines = head.split("\r\n", -1);
        if (!lines[0].startsWith("CONNECT ") || !isKnown(lines)) {
            inside.write("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
            inside.close();
            return;
        }
        client.connect(proxy.getPort(), proxy.getHost())
                .onFailure(_ -> {
                    inside.write("HTTP/1.1 502 Bad Gateway\r\n\r\n");
                    inside.close();
                })
                .onSuccess(outside -> {
                    outside.write(request(lines));
                    join(inside, outside);
                });
    }

    private boolean isKnown(String[] lines) {
        String name = "proxy-authorization:";
        for (String line : lines) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name)) {
                byte[] shown =
                        line.substring(name.length()).strip().getBytes(StandardCharsets.UTF_8);
                return MessageDigest.isEqual(shown, authorization);
            }
        }
        return false;
    }

    private String request(String[] lines) {
        StringBuilder request = new StringBuilder(lines[0]).append("\r\n");
        for (String line : lines) {
            if (line.toLowerCase(Locale.ROOT).startsWith("host:")) {
                request.append(line).append("\r\n");
            }
        }
        @Nullable String user = proxy.getUsername();
        if (user != null && !headers.contains("Proxy-Authorization")) {
            request.append("Proxy-Authorization: ")
                    .append(AccessReader.basic(user, proxy.getPassword()))
                    .append("\r\n");
        }
        headers.forEach(header ->
                request.append(header.getKey())
                        .append(": ")
                        .append(header.getValue())
                        .append("\r\n"));
        return request.append("\r\n").toString();
    }

    private static void join(NetSocket inside, NetSocket outside) {
        outside.exceptionHandler(_ -> outside.close());
        inside.closeHandler(_ -> outside.close());
        outside.closeHandler(_ -> inside.close());
        inside.handler(piece -> hand(piece, inside, outside));
        outside.handler(piece -> hand(piece, outside, inside));
        inside.resume();
    }

    private static void hand(Buffer piece, NetSocket from, NetSocket to) {
        to.write(piece);
        if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(_ -> from.resume());
        }
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
