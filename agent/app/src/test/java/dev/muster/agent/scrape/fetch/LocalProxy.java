package dev.muster.agent.scrape.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/// A proxy: hands on plain requests, and tunnels after `CONNECT`. One request for a connection.
final class LocalProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();

    /// Header that requests must have; empty for any.
    private volatile String wanted = "";

    LocalProxy() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /// Heads of the requests so far.
    List<String> heads() {
        return heads;
    }

    void want(String header) {
        wanted = header;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket inside) {
        try (inside) {
            String head = head(inside.getInputStream());
            heads.add(head);
            OutputStream out = inside.getOutputStream();
            if (!head.toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT))) {
                write(
                        out,
                        "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
                return;
            }
            String[] first = head.split("\r\n", 2)[0].split(" ", -1);
            boolean tunnel = first[0].equals("CONNECT");
            URI to = URI.create(tunnel ? "http://" + first[1] : first[1]);
            try (Socket outside = new Socket(to.getHost(), to.getPort())) {
                sockets.add(outside);
                if (tunnel) {
                    write(out, "HTTP/1.1 200 Connection established\r\n\r\n");
                } else {
                    write(
                            outside.getOutputStream(),
                            head.replace(first[1], to.getRawPath())
                                    .replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
                }
                Thread back = Thread.ofVirtual().start(() -> pump(outside, inside));
                pump(inside, outside);
                back.join();
            }
        } catch (IOException | InterruptedException e) {
            sockets.remove(inside);
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            try {
                to.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no request");
            }
            head.append((char) b);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
