package dev.muster.agent.remotewrite;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.WireReader;
import dev.muster.agent.intake.IntakeRig;
import dev.muster.agent.intake.remote.RemoteWrite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xerial.snappy.Snappy;

/// A store that takes remote write, both versions: ours, behind the JDK's HTTP server.
final class RemoteStore implements AutoCloseable {
    final IntakeRig rig;
    final List<String> seen = new CopyOnWriteArrayList<>();
    private final RemoteWrite write;
    private final HttpServer server;
    private final Deque<Integer> refusals = new ArrayDeque<>();
    private volatile int always;
    private volatile int most = Integer.MAX_VALUE;
    private volatile String unknown = "none";

    RemoteStore(Path directory) throws IOException {
        rig = new IntakeRig(directory);
        write = new RemoteWrite(rig.intake);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/write", this::handle);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/write");
    }

    /// Answers the next requests so, one each.
    synchronized void refuse(int... statuses) {
        for (int status : statuses) {
            refusals.add(status);
        }
    }

    /// Answers all requests so; 0 to take them.
    void refuseAll(int status) {
        always = status;
    }

    /// Answers 400 to requests with more series than that.
    void refuseLarger(int series) {
        most = series;
    }

    /// Answers 415 to content of a type with that in it.
    void refuseVersion(String part) {
        unknown = part;
    }

    private static int series(byte[] body, boolean second) {
        WireReader in = new WireReader();
        in.reset(body, 0, body.length);
        int series = 0;
        try {
            while (in.next()) {
                series += in.field() == (second ? 5 : 1) ? 1 : 0;
                in.skip();
            }
        } catch (ExpositionException e) {
            throw new IllegalStateException(e);
        }
        return series;
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Integer next = always != 0 ? Integer.valueOf(always) : refusals.poll();
            int status = next == null ? take(exchange, body) : next;
            seen.add(status + " " + exchange.getRequestHeaders().getFirst("X-Tenant"));
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private int take(HttpExchange exchange, byte[] packed) throws IOException {
        byte[] body = Snappy.uncompress(packed);
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type.contains(unknown)) {
            return 415;
        }
        if (series(body, type.contains("v2")) > most) {
            return 400;
        }
        try {
            PushAnswer answer =
                    write.handle(
                            IntakeRig.request(
                                    body,
                                    "Content-Type",
                                    exchange.getRequestHeaders().getFirst("Content-Type"),
                                    "Content-Encoding",
                                    "snappy"));
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            return answer.status();
        } catch (PushRefusedException e) {
            seen.add(String.valueOf(e.getMessage()));
            return e.status();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        rig.close();
    }
}
