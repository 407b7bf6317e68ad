package dev.muster.query.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.promql.QueryException;
import dev.muster.query.load.LoadConfig;
import dev.muster.query.load.LoadMetrics;
import dev.muster.query.load.Priority;
import dev.muster.query.load.QueryLoad;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private static final ApiLimits LIMITS =
            new ApiLimits(Duration.ofSeconds(30), 11_000, 10, 10, 10, 2, 1, 1_000, ".*");

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final QueryLoad load =
            QueryLoad.of(
                    LoadConfig.of(LIMITS.maxConcurrent(), LIMITS.maxWaiting()),
                    new LoadMetrics(registry),
                    InstantSource.system());
    private final Dispatcher dispatcher = new Dispatcher(LIMITS, new ApiMetrics(registry), load);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() throws Exception {
        http.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void stopsACallWhoseClientLeaves() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        int port =
                serve(call -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        stopped.countDown();
                    }
                    call.budget().check();
                    throw new IOException("not reached");
                });
        try (Socket client = new Socket("127.0.0.1", port)) {
            client.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
        await().untilAsserted(() -> {
            assertThat(registry.counter("muster_query_abandoned").count()).isOne();
            assertThat(
                            registry.timer(
                                            "muster_query_call_duration",
                                            "call",
                                            "test",
                                            "outcome",
                                            "canceled")
                                    .count())
                    .isOne();
            assertThat(load.gate().running(Priority.AD_HOC)).isZero();
            assertThat(load.memory().heldBytes()).isZero();
        });
    }

    @Test
    void streamsAnAnswerOfAnySize() throws Exception {
        int values = 3_000_000;
        int port =
                serve(call ->
                        Answer.of(json -> {
                            json.beginArray();
                            for (int i = 0; i < values; i++) {
                                json.value(1_234_567L);
                            }
                            json.endArray();
                        }));
        HttpResponse<InputStream> response =
                http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("Content-Length")).isEmpty();
        long size = 0;
        try (InputStream body = response.body()) {
            byte[] buffer = new byte[65_536];
            int read;
            while ((read = body.read(buffer)) >= 0) {
                size += read;
            }
        }
        assertThat(size).isEqualTo("{'status':'success','data':[]}".length() + 8L * values - 1);
    }

    @Test
    void cutsTheConnectionWhenAnAnswerBreaksHalfWay() throws Exception {
        AtomicBoolean failed = new AtomicBoolean();
        int port =
                serve(call ->
                        Answer.of(json -> {
                            json.beginArray();
                            for (int i = 0; i < 100_000; i++) {
                                json.value(i);
                            }
                            throw new IOException("block is gone");
                        }));
        try {
            http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            failed.set(true);
        }
        assertThat(failed).isTrue();
    }

    @Test
    void mapsErrorsInOnePlace() throws Exception {
        assertThat(answer(call -> failBudget("timeout")))
                .isEqualTo(
                        "503 {\"status\":\"error\",\"errorType\":\"timeout\",\"error\":\"over\"}");
        assertThat(answer(call -> failBudget("series")))
                .isEqualTo(
                        "422 {\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"over\"}");
        assertThat(answer(call -> failBudget("cancelled"))).startsWith("499 ");
        assertThat(answer(call -> failQuery(QueryException.Kind.PARSE)))
                .isEqualTo(
                        "400 {\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"invalid"
                                + " parameter \\\"query\\\": wrong\"}");
        assertThat(answer(call -> failQuery(QueryException.Kind.LIMIT)))
                .isEqualTo(
                        "422 {\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"wrong\"}");
        assertThat(answer(call -> failQuery(QueryException.Kind.TIMEOUT))).startsWith("503 ");
        assertThat(
                        answer(call -> {
                            throw new IllegalStateException("defect");
                        }))
                .startsWith("500 {\"status\":\"error\",\"errorType\":\"internal\"");
        assertThat(
                        answer(call -> {
                            throw new IOException("bucket is away");
                        }))
                .isEqualTo(
                        "422 {\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"bucket"
                                + " is away\"}");
        assertThat(registry.counter("muster_query_limited", "limit", "series").count()).isOne();
    }

    private static Answer failBudget(String limit) {
        throw new BudgetExceededException(limit, "over");
    }

    private static Answer failQuery(QueryException.Kind kind) throws QueryException {
        throw new QueryException(kind, "wrong");
    }

    private String answer(Operation operation) throws Exception {
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + serve(operation)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    private int serve(Operation operation) throws Exception {
        Router router = Router.router(vertx);
        router.get().handler(context -> dispatcher.handle(context, "test", true, operation));
        HttpServer server =
                vertx.createHttpServer()
                        .requestHandler(router)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
        return server.actualPort();
    }
}
