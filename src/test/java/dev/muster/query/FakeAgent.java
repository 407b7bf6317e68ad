package dev.muster.query;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.muster.federation.stream.CellPublisher;
import dev.muster.federation.stream.Hint;
import dev.muster.federation.stream.StreamCodec;
import dev.muster.federation.stream.StreamFrame;
import dev.muster.federation.stream.StreamSession;
import dev.muster.federation.view.CellView;
import dev.muster.model.frame.ExemplarCodec;
import dev.muster.model.frame.ExemplarRequest;
import dev.muster.model.frame.FrameWriter;
import dev.muster.model.frame.SelectRequestCodec;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesExemplars;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.part.PartException;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartQueryCodec;
import dev.muster.promql.part.PartWriter;
import dev.muster.query.remote.WriteDecoder;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/// An agent as a query node sees it: answers selects from a source and streams views, over HTTP on
/// loopback.
public final class FakeAgent implements AutoCloseable {
    private static final int STREAM_PAUSE_MS = 50;
    private static final PromQlEngine ENGINE = new PromQlEngine(EngineConfig.DEFAULT);

    private final HttpServer server;
    private final CellPublisher publisher;
    private volatile List<Hint> hints = List.of();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, String> json = new ConcurrentHashMap<>();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger selects = new AtomicInteger();
    private final Set<InetSocketAddress> selectors = ConcurrentHashMap.newKeySet();
    private final AtomicInteger partsAsked = new AtomicInteger();
    private volatile Parts parts = Parts.UNKNOWN;
    private volatile List<SeriesExemplars> exemplars = List.of();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<String> origins = new CopyOnWriteArrayList<>();
    private volatile int writeStatus = 204;
    private volatile boolean closed;
    private volatile boolean silent;

    public FakeAgent(SeriesSource source, Supplier<CellView> view) throws IOException {
        publisher = new CellPublisher(view);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        handle("/api/v1/agent/select", exchange -> select(exchange, source));
        handle("/api/v1/agent/part", exchange -> part(exchange, source));
        handle("/api/v1/agent/exemplars", this::exemplars);
        handle("/api/v1/cell/stream", exchange -> stream(exchange, false));
        handle("/api/v1/cell/delta", exchange -> stream(exchange, true));
        handle("/api/v1/write", exchange -> write(exchange, source));
        handle("/api/v1/agent/watermark", FakeAgent::watermark);
        handle("/", this::serveJson);
        server.start();
    }

    @FunctionalInterface
    private interface Handler {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private void handle(String path, Handler handler) {
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        // without it this server closes the connection after the answer, unsaid
                        var _ = exchange.getRequestBody();
                        handler.handle(exchange);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Answers a path with this JSON.
    public void answer(String path, String body) {
        json.put(path, body);
    }

    /// Keeps connections open and says nothing more.
    public void fallSilent() {
        silent = true;
    }

    public int streams() {
        return streams.get();
    }

    public int selects() {
        return selects.get();
    }

    /// By how many connections selects came.
    public int selectConnections() {
        return selectors.size();
    }

    @Override
    public void close() {
        closed = true;
        server.stop(0);
        threads.shutdownNow();
    }

    private void select(HttpExchange exchange, SeriesSource source)
            throws IOException, InterruptedException {
        selects.incrementAndGet();
        selectors.add(exchange.getRemoteAddress());
        SelectRequest request =
                SelectRequestCodec.decode(
                        exchange.getRequestBody().readAllBytes(), ReadBudget.UNLIMITED);
        waitWhileSilent();
        exchange.sendResponseHeaders(200, 0);
        lock.readLock().lock();
        try (SeriesSet set = source.select(request)) {
            FrameWriter.write(set, request.samples(), exchange.getResponseBody());
        } finally {
            lock.readLock().unlock();
        }
    }

    /// How parts of queries are answered; 404 as agents of old do, before this is called.
    public void parts(Parts how) {
        parts = how;
    }

    /// A way to answer parts of queries.
    public enum Parts {
        UNKNOWN(404),
        BUSY(503),
        SHARED_SERIES(409),
        ANSWERED(200),
        /// Cut after some bytes.
        TORN(200),
        /// Ends well, but a bit of it is wrong.
        DAMAGED(200),
        OVER_LIMIT(200);

        private final int status;

        Parts(int status) {
            this.status = status;
        }
    }

    /// How often a part was asked.
    public int partsAsked() {
        return partsAsked.get();
    }

    private void part(HttpExchange exchange, SeriesSource source)
            throws IOException, InterruptedException {
        partsAsked.incrementAndGet();
        PartQuery query = PartQueryCodec.decode(exchange.getRequestBody().readAllBytes());
        waitWhileSilent();
        Parts how = parts;
        if (how.status != 200) {
            exchange.sendResponseHeaders(how.status, -1);
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PartWriter writer = new PartWriter(bytes);
        if (how == Parts.OVER_LIMIT) {
            writer.fail(PartException.Kind.LIMIT, "too many samples");
        } else {
            lock.readLock().lock();
            try {
                ENGINE.part(source, query, writer, QueryOptions.DEFAULT);
                writer.end();
            } catch (QueryException e) {
                writer.fail(PartException.Kind.valueOf(e.kind().name()), "no");
            } finally {
                lock.readLock().unlock();
            }
        }
        byte[] answer = bytes.toByteArray();
        if (how == Parts.DAMAGED) {
            answer[answer.length / 2] ^= 1;
        }
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer, 0, how == Parts.TORN ? 20 : answer.length);
    }

    /// Exemplars to answer with where one of the matcher sets holds.
    public void exemplars(List<SeriesExemplars> all) {
        exemplars = List.copyOf(all);
    }

    private void exemplars(HttpExchange exchange) throws IOException, InterruptedException {
        ExemplarRequest request =
                ExemplarCodec.decodeRequest(exchange.getRequestBody().readAllBytes());
        waitWhileSilent();
        List<SeriesExemplars> found = new ArrayList<>();
        for (SeriesExemplars series : exemplars) {
            if (request.anyOf().stream().anyMatch(set -> LabelMatcher.all(set, series.series()))) {
                found.add(
                        new SeriesExemplars(
                                series.series(),
                                series.exemplars().stream()
                                        .filter(one -> request.range().contains(one.timestampMs()))
                                        .toList()));
            }
        }
        byte[] answer = ExemplarCodec.encode(found);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
    }

    private void stream(HttpExchange exchange, boolean once)
            throws IOException, InterruptedException {
        streams.incrementAndGet();
        byte[] body = exchange.getRequestBody().readAllBytes();
        StreamFrame.Subscribe asked = (StreamFrame.Subscribe) new StreamCodec().decode(body);
        StreamSession session = new StreamSession(publisher, () -> hints, asked);
        exchange.sendResponseHeaders(200, 0);
        DataOutputStream out = new DataOutputStream(exchange.getResponseBody());
        while (!closed) {
            waitWhileSilent();
            for (byte[] bytes : session.step(System.nanoTime() / 1_000_000)) {
                out.writeInt(bytes.length);
                out.write(bytes);
            }
            out.flush();
            if (once) {
                return;
            }
            Thread.sleep(STREAM_PAUSE_MS);
        }
    }

    /// What it says of the metric names that agents hold.
    public void hints(List<Hint> known) {
        hints = List.copyOf(known);
    }

    private void waitWhileSilent() throws InterruptedException {
        while (silent && !closed) {
            Thread.sleep(STREAM_PAUSE_MS);
        }
    }

    /// Everything has come, whatever is asked for.
    private static void watermark(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        byte[] at = query.replaceAll("^at=|&.*", "").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, at.length);
        exchange.getResponseBody().write(at);
    }

    /// The status that writes are answered with; 204 takes them.
    public void writes(int status) {
        writeStatus = status;
    }

    /// The values of `Muster-Origin` that came, with the number of samples of each request.
    public List<String> origins() {
        return List.copyOf(origins);
    }

    private void write(HttpExchange exchange, SeriesSource source) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int status = writeStatus;
        if (status == 204 && source instanceof MemorySource memory) {
            int samples;
            lock.writeLock().lock();
            try {
                samples = WriteDecoder.decode(body, memory);
            } finally {
                lock.writeLock().unlock();
            }
            String origin = exchange.getRequestHeaders().getFirst("Muster-Origin");
            origins.add(origin + " " + samples);
            exchange.getResponseHeaders()
                    .set("X-Prometheus-Remote-Write-Samples-Written", "" + samples);
        }
        exchange.sendResponseHeaders(status, -1);
    }

    private void serveJson(HttpExchange exchange) throws IOException {
        String body = json.get(exchange.getRequestURI().getPath());
        byte[] bytes = (body == null ? "" : body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(
                body == null ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
