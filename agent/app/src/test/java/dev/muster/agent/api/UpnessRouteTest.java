package dev.muster.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.upness.UpnessReader;
import dev.muster.blocks.upness.UpnessDecoder;
import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessProvenance;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessState;
import dev.muster.blocks.upness.UpnessTarget;
import dev.muster.model.time.TimeRange;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpnessRouteTest {
    private static final long NOW_MS = 1_795_356_000_000L;
    private static final UpnessTarget HOST = UpnessTarget.ofHost("c1", "web-1");
    private static final UpnessTarget SHOP = new UpnessTarget("c1", "web-1", "shop", "web-1:80");

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicReference<TimeRange> asked = new AtomicReference<>();
    private List<UpnessRun> runs = List.of();
    private boolean broken;

    @AfterEach
    void close() throws Exception {
        http.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        executor.shutdownNow();
    }

    private HttpResponse<byte[]> ask(String query) throws Exception {
        var route = new UpnessRoute(executor, new ApiMetrics(), () -> Instant.ofEpochMilli(NOW_MS));
        UpnessReader reader =
                (range, wanted) -> {
                    asked.set(range);
                    if (broken) {
                        throw new IOException("disk is gone");
                    }
                    return runs.stream()
                            .map(run -> run.within(range, wanted))
                            .flatMap(Optional::stream)
                            .toList();
                };
        HttpServer server =
                vertx.createHttpServer()
                        .requestHandler(request -> route.handle(request, reader))
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
        URI url = URI.create("http://127.0.0.1:" + server.actualPort() + "/api/v1/upness" + query);
        return http.send(
                HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static UpnessEntry entry(UpnessTarget target, long atMs, UpnessState to) {
        return new UpnessEntry(
                target,
                "z1",
                "r1",
                atMs,
                atMs + 2_000,
                0,
                UpnessState.UNKNOWN,
                to,
                to == UpnessState.DOWN ? "host_down" : "",
                "",
                UpnessProvenance.OWN,
                0,
                List.of("web-2"));
    }

    private static UpnessRun run() {
        return new UpnessRun(
                "c1",
                "web-2",
                7,
                NOW_MS - 600_000,
                NOW_MS,
                false,
                List.of(
                        entry(HOST, NOW_MS - 500_000, UpnessState.DOWN),
                        entry(SHOP, NOW_MS - 500_000, UpnessState.DOWN),
                        entry(
                                UpnessTarget.ofHost("c1", "web-3"),
                                NOW_MS - 400_000,
                                UpnessState.UP)));
    }

    @Test
    void tellsTheLastHourAsLinesAndEndsThem() throws Exception {
        runs = List.of(run().goingOn());
        HttpResponse<byte[]> answer = ask("");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        assertThat(asked.get()).isEqualTo(new TimeRange(NOW_MS + 1 - 3_600_000, NOW_MS + 1));
        List<JsonObject> lines =
                new String(answer.body(), StandardCharsets.UTF_8)
                        .lines()
                        .map(JsonObject::new)
                        .toList();
        assertThat(lines)
                .extracting(line -> line.getString("kind"))
                .containsExactly("watch", "change", "change", "change", "done");
        assertThat(lines.getFirst().getBoolean("open")).isTrue();
        assertThat(lines.get(1).getString("cause")).isEqualTo("host_down");
        assertThat(lines.get(1).getJsonArray("witnesses").getString(0)).isEqualTo("web-2");
        assertThat(lines.getLast().getInteger("runs")).isEqualTo(1);
    }

    @Test
    void tellsARangeOfAHostAsItLiesOnDiskAndWhetherItGoesOn() throws Exception {
        runs = List.of(run());
        String query =
                "?format=log&host=web-1&cell=c1&from=%d&to=%s"
                        .formatted(NOW_MS / 1000 - 900, Instant.ofEpochMilli(NOW_MS));
        UpnessDecoder.Log ended = UpnessDecoder.read(ask(query).body());
        assertThat(ended.done()).isTrue();
        assertThat(asked.get()).isEqualTo(new TimeRange(NOW_MS - 900_000, NOW_MS));
        assertThat(ended.runs())
                .singleElement()
                .satisfies(run -> {
                    assertThat(run.open()).isFalse();
                    assertThat(run.cut()).isFalse();
                    assertThat(run.untilMs()).isEqualTo(NOW_MS);
                    assertThat(run.entries())
                            .extracting(UpnessEntry::target)
                            .containsExactly(HOST, SHOP);
                });
        runs = List.of(run().goingOn());
        assertThat(UpnessDecoder.read(ask(query).body()).runs())
                .singleElement()
                .satisfies(run -> assertThat(run.open()).isTrue());
    }

    @Test
    void refusesATimeThatIsNoneAndSaysThatItCannotRead() throws Exception {
        HttpResponse<byte[]> wrong = ask("?from=yesterday");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(new String(wrong.body(), StandardCharsets.UTF_8))
                .contains("time must be seconds or RFC 3339: from=yesterday");
        broken = true;
        assertThat(ask("").statusCode()).isEqualTo(500);
    }
}
