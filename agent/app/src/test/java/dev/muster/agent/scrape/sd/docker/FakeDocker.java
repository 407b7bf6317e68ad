package dev.muster.agent.scrape.sd.docker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A daemon behind a Unix socket that knows a few paths.
final class FakeDocker implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    FakeDocker(Path socket) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::serve);
    }

    void put(String path, String body) {
        bodies.put(path, body);
    }

    List<String> asked() {
        return asked;
    }

    private void serve() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> answer(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void answer(SocketChannel client) {
        try (client) {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    Channels.newInputStream(client), StandardCharsets.UTF_8));
            String uri = in.readLine().split(" ", -1)[1];
            asked.add(uri);
            String header = in.readLine();
            while (header != null && !header.isEmpty()) {
                header = in.readLine();
            }
            String body = bodies.get(uri.replaceFirst("\\?.*", ""));
            String text = body == null ? "" : body;
            String head =
                    "HTTP/1.1 "
                            + (body == null ? "404 Not Found" : "200 OK")
                            + "\r\nContent-Type: application/json\r\nConnection: close"
                            + "\r\nTransfer-Encoding: chunked\r\n\r\n";
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            write(client, head.getBytes(StandardCharsets.UTF_8));
            if (bytes.length > 0) {
                write(
                        client,
                        (Integer.toHexString(bytes.length) + "\r\n")
                                .getBytes(StandardCharsets.UTF_8));
                write(client, bytes);
                write(client, "\r\n".getBytes(StandardCharsets.UTF_8));
            }
            write(client, "0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // the client left
        }
    }

    private static void write(SocketChannel client, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            client.write(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
