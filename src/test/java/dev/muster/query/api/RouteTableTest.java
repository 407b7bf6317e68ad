package dev.muster.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.query.load.LoadConfig;
import dev.muster.query.load.LoadMetrics;
import dev.muster.query.load.QueryLoad;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final ApiLimits LIMITS =
            new ApiLimits(Duration.ofSeconds(30), 11_000, 10, 10, 10, 2, 1, 1_000, ".*");

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();
    private int port;

    @BeforeEach
    void serve() throws Exception {
        var registry = new SimpleMeterRegistry();
        QueryLoad load =
                QueryLoad.of(
                        LoadConfig.of(LIMITS.maxConcurrent(), LIMITS.maxWaiting()),
                        new LoadMetrics(registry),
                        InstantSource.system());
        Router router = Router.router(vertx);
        RouteTable routes =
                new RouteTable(
                        router,
                        new Dispatcher(LIMITS, new ApiMetrics(registry), load),
                        new Cors(LIMITS.corsOrigin()),
                        LIMITS.bodyLimitBytes());
        ClusterRoutes.register(routes, Optional.empty(), LIMITS, load.memory());
        routes.postBytes("/internal/v1/raw", 10, context -> context.end(context.body().buffer()));
        routes.finish();
        port =
                vertx.createHttpServer()
                        .requestHandler(router)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .actualPort();
    }

    @AfterEach
    void close() throws Exception {
        http.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void theClusterIsToldOfAsAllElse() throws Exception {
        HttpResponse<String> answer = send("GET", "/api/v1/status/cluster", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"status\":\"success\",\"data\":{\"enabled\":false,\"nodes\":[]}}");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
        assertThat(send("OPTIONS", "/api/v1/status/cluster", "").statusCode()).isEqualTo(204);
        HttpResponse<String> put = send("PUT", "/api/v1/status/cluster", "");
        assertThat(put.statusCode()).isEqualTo(405);
        assertThat(put.headers().firstValue("Allow")).hasValue("GET, OPTIONS");
    }

    @Test
    void whatNodesSendIsBoundedAndNotForPages() throws Exception {
        HttpResponse<String> answer = send("POST", "/internal/v1/raw", "bytes");
        assertThat(answer.body()).isEqualTo("bytes");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(send("POST", "/internal/v1/raw", "more bytes than ten").statusCode())
                .isEqualTo(413);
        HttpResponse<String> get = send("GET", "/internal/v1/raw", "");
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).hasValue("OPTIONS, POST");
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Origin", "https://other.example")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
