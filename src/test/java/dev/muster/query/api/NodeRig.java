package dev.muster.query.api;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.merge.MergedSource;
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
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The calls that read, over HTTP, with limits of a test and 500 series of an hour.
final class NodeRig {
    static final int SERIES = 500;
    static final long END_MS = 3_600_000;

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final HttpClient http = HttpClient.newHttpClient();
    private final QueryLoad load;
    private final int port;

    NodeRig(ApiLimits limits, EngineConfig config, LoadConfig loadConfig) throws Exception {
        InstantSource clock = InstantSource.system();
        load = QueryLoad.of(loadConfig, new LoadMetrics(registry), clock);
        PromQlEngine engine = new PromQlEngine(config, load.parsed());
        MergedSource source = new MergedSource(List.of(new MergedSource.Part("memory", data())));
        Dispatcher dispatcher = new Dispatcher(limits, new ApiMetrics(registry), load);
        QueryCalls queries =
                new QueryCalls(
                        engine,
                        new ResultCache(
                                engine,
                                Duration.ofMinutes(5),
                                new ResultCacheConfig(
                                        0, Duration.ofMinutes(10), Duration.ofHours(1)),
                                clock),
                        source,
                        limits.maxPoints(),
                        load,
                        clock);
        Router router = Router.router(vertx);
        RouteTable routes =
                new RouteTable(router, dispatcher, new Cors(".*"), limits.bodyLimitBytes());
        routes.getAndPost("query", true, queries::instant);
        routes.getAndPost("query_range", true, queries::range);
        new LoadRoutes(dispatcher, load, clock).register(routes);
        routes.finish();
        HttpServer server =
                vertx.createHttpServer(new HttpServerOptions().setMaxFormAttributeSize(-1))
                        .requestHandler(router)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
        port = server.actualPort();
    }

    private static MemorySource data() {
        MemorySource source = new MemorySource();
        for (int series = 0; series < SERIES; series++) {
            Labels labels =
                    Labels.builder()
                            .set(Labels.METRIC, "m" + series % 10)
                            .set("i", "" + series)
                            .set("job", "job-" + series % 3)
                            .build();
            for (long timeMs = 0; timeMs <= END_MS; timeMs += 60_000) {
                source.add(labels, timeMs, Math.sin(series * 7.7 + timeMs));
            }
        }
        return source;
    }

    QueryLoad load() {
        return load;
    }

    double limited(String limit) {
        return registry.counter("muster_query_limited", "limit", limit).count();
    }

    String instant(String query) throws IOException, InterruptedException {
        return post("query", Map.of("query", query, "time", "3600"));
    }

    String range(String query, String step) throws IOException, InterruptedException {
        return post(
                "query_range", Map.of("query", query, "start", "0", "end", "3600", "step", step));
    }

    String post(String call, Map<String, String> form) throws IOException, InterruptedException {
        String body =
                form.entrySet().stream()
                        .map(field ->
                                field.getKey()
                                        + "="
                                        + URLEncoder.encode(
                                                field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        return send(
                HttpRequest.newBuilder(url(call))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    String get(String call) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(url(call)));
    }

    private URI url(String call) {
        return URI.create("http://127.0.0.1:" + port + "/api/v1/" + call);
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(
                        request.timeout(Duration.ofSeconds(60)).build(),
                        HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    void close() throws Exception {
        http.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
