package dev.muster.agent.scrape;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;

/// A server that answers each request with whatever bytes a test wants, over a plain socket.
public final class MisbehavingServer implements AutoCloseable {
    /// Writes a response; the connection is closed afterwards.
    public interface Answer {
        void write(String request, OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Answer answer;
    private final Thread accepting;

    public MisbehavingServer(Answer first) throws IOException {
        answer = first;
        accepting = Thread.ofVirtual().start(this::accept);
    }

    public void answer(Answer next) {
        answer = next;
    }

    public int port() {
        return server.getLocalPort();
    }

    public String address() {
        return "127.0.0.1:" + port();
    }

    /// Heads of the requests so far.
    public List<String> requests() {
        return requests;
    }

    /// Waits until the server is closed.
    public void hang() throws InterruptedException {
        closed.await();
    }

    public static Answer ok(String body) {
        return (_, out) -> out.write(response("200 OK", "", body.getBytes(StandardCharsets.UTF_8)));
    }

    /// @param headers each with its line end; as text 0.0.4 unless they say otherwise
    public static byte[] response(String status, String headers, byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String type =
                headers.toLowerCase(Locale.ROOT).contains("content-type:")
                        ? ""
                        : "Content-Type: text/plain; version=0.0.4\r\n";
        bytes.write(
                ("HTTP/1.1 "
                                + status
                                + "\r\nContent-Length: "
                                + body.length
                                + "\r\n"
                                + type
                                + headers
                                + "\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        bytes.write(body);
        return bytes.toByteArray();
    }

    public static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                if (closed.getCount() == 0) {
                    return; // the one that accept() takes on its way out
                }
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            String request = head(socket.getInputStream());
            if (!request.isEmpty()) {
                requests.add(request);
                answer.write(request, socket.getOutputStream());
                socket.getOutputStream().flush();
            }
        } catch (IOException | InterruptedException e) {
            // the client has left, which is what most tests are about
            sockets.remove(socket);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.append((char) b);
        }
        return head.toString();
    }

    /// Nobody listens any more when it returns: the JDK lets the thread that accepts close the
    /// port, when it gets its turn.
    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
        try {
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
