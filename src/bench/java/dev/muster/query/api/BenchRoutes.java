package dev.muster.query.api;

import dev.muster.model.merge.MergedSource;
import dev.muster.model.merge.QuerySource;
import dev.muster.model.series.SeriesSource;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.PromQlEngine;
import dev.muster.query.cache.ResultCache;
import dev.muster.query.cache.ResultCacheConfig;
import dev.muster.query.load.LoadConfig;
import dev.muster.query.load.LoadMetrics;
import dev.muster.query.load.QueryLoad;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// The calls of a query node that evaluate queries, over HTTP, with a source that may change
/// between them, and a client that reads answers and drops them.
public final class BenchRoutes implements AutoCloseable {
    private static final int PLACES = 20;

    private static final ApiLimits LIMITS =
            new ApiLimits(
                    Duration.ofMinutes(2),
                    11_000,
                    1_000_000,
                    500_000_000,
                    4L << 30,
                    PLACES,
                    1_000,
                    1_000_000,
                    ".*");

    private final Vertx vertx = Vertx.vertx();
    private final InstantSource clock = InstantSource.system();
    private final QueryLoad load;
    private final PromQlEngine engine;
    private final ResultCache results;
    private final int port;
    private final AtomicLong evaluatedNanos = new AtomicLong();
    private volatile QuerySource source = of(SeriesSource.empty());

    public BenchRoutes() throws InterruptedException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        load = QueryLoad.of(LoadConfig.of(PLACES, 1_000), new LoadMetrics(registry), clock);
        engine = new PromQlEngine(EngineConfig.DEFAULT, load.parsed());
        results =
                new ResultCache(
                        engine,
                        Duration.ofMinutes(5),
                        new ResultCacheConfig(0, Duration.ofMinutes(10), Duration.ofHours(1)),
                        clock);
        Router router = Router.router(vertx);
        RouteTable routes =
                new RouteTable(
                        router,
                        new Dispatcher(LIMITS, new ApiMetrics(registry), load),
                        new Cors(".*"),
                        LIMITS.bodyLimitBytes());
        routes.get("query", "query", true, call -> evaluated(calls().instant(call)));
        routes.get("query_range", "query_range", true, call -> evaluated(calls().range(call)));
        routes.finish();
        port = listen(router).actualPort();
    }

    private HttpServer listen(Router router) throws InterruptedException {
        try {
            return vertx.createHttpServer(new HttpServerOptions())
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private QueryCalls calls() {
        return new QueryCalls(engine, results, source, LIMITS.maxPoints(), load, clock);
    }

    private Answer evaluated(Answer answer) {
        evaluatedNanos.accumulateAndGet(System.nanoTime(), Math::max);
        return answer;
    }

    private static QuerySource of(SeriesSource source) {
        return new MergedSource(List.of(new MergedSource.Part("blocks", source)));
    }

    /// What the next calls read.
    public void read(SeriesSource next) {
        source = of(next);
        evaluatedNanos.set(Long.MIN_VALUE);
    }

    /// When the last of the queries since [#read] was evaluated.
    public long evaluatedNanos() {
        return evaluatedNanos.get();
    }

    /// Asks and reads the whole answer.
    ///
    /// @param request path and parameters
    /// @return bytes of the answer
    public long ask(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String head =
                    "GET "
                            + request
                            + "&nocache=1 HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[1 << 16];
            int first = in.readNBytes(buffer, 0, 12);
            String status = new String(buffer, 0, first, StandardCharsets.US_ASCII);
            if (!status.equals("HTTP/1.1 200")) {
                throw new IOException("query must be answered: status=" + status);
            }
            long bytes = first;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
            }
            return bytes;
        }
    }

    @Override
    public void close() {
        var _ = vertx.close();
    }
}
