package dev.muster.agent.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.fetch.BodyEncoding;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.SnappyFramedOutputStream;

class DoorTest {
    private static final int LIMIT = 100_000;

    @TempDir Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger handled = new AtomicInteger();
    private HttpServer server;
    private Door door;
    private Path token;

    @BeforeEach
    void start() throws IOException {
        token = Files.writeString(directory.resolve("token"), "s3cret\n");
        serve(new DoorPlan(Optional.of(token), LIMIT, 4 * LIMIT, Duration.ofMillis(400), 3));
    }

    private void serve(DoorPlan plan) {
        if (server != null) {
            join(server.close());
        }
        door = new Door(vertx, plan);
        Router router = Router.router(vertx);
        door.route(router, PushRoute.of("POST", "/echo/*", "echo"), () -> Optional.of(this::echo));
        door.route(
                router,
                new PushRoute("POST", "/snappy", "echo", BodyEncoding.SNAPPY),
                () -> Optional.of(this::echo));
        door.route(router, PushRoute.of("POST", "/later", "later"), Optional::empty);
        door.route(
                router,
                PushRoute.of("POST", "/wrong", "wrong"),
                () ->
                        Optional.of(_ -> {
                            throw PushRefusedException.bad("taste", "salt must be there");
                        }));
        server = join(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    }

    private static <T> T join(io.vertx.core.Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @AfterEach
    void stop() {
        client.close();
        join(vertx.close());
    }

    private PushAnswer echo(PushRequest request) throws PushRefusedException {
        handled.incrementAndGet();
        String text = request.text();
        return PushAnswer.text(
                        200, request.path() + " " + text.length() + " " + request.parameter("p"))
                .with("X-Start", text.substring(0, Math.min(4, text.length())));
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path));
    }

    private HttpResponse<String> post(String path, String encoding, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = to(path).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!encoding.isEmpty()) {
            request.header("Content-Encoding", encoding);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String metrics() {
        ExpositionWriter out = new ExpositionWriter();
        door.writeMetrics(out);
        return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(body);
        }
        return out.toByteArray();
    }

    @Test
    void takesBodiesOfEachEncoding() throws Exception {
        byte[] body = bytes("salt and pepper, ".repeat(2_000));
        assertThat(post("/echo/a%2Fb?p=1%202", "", body).body())
                .isEqualTo("/echo/a%2Fb 34000 1 2\n");
        HttpResponse<String> zipped = post("/echo/z", "gzip", gzip(body));
        assertThat(zipped.body()).isEqualTo("/echo/z 34000 \n");
        assertThat(zipped.headers().firstValue("X-Start")).contains("salt");
        assertThat(post("/snappy", "", Snappy.compress(body)).body()).isEqualTo("/snappy 34000 \n");
        assertThat(post("/echo/z", "zstd", com.github.luben.zstd.Zstd.compress(body)).body())
                .isEqualTo("/echo/z 34000 \n");
        assertThat(metrics()).contains("muster_push_inflated_bytes_total 136000");
    }

    private static byte[] framed(byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SnappyFramedOutputStream frames = new SnappyFramedOutputStream(out)) {
            frames.write(body);
        }
        return out.toByteArray();
    }

    @Test
    void takesSnappyInFrames() throws Exception {
        byte[] body = new byte[LIMIT];
        Random random = new Random(7);
        for (int i = 0; i < LIMIT; i++) {
            body[i] = (byte) ('a' + random.nextInt(26));
        }
        Arrays.fill(body, 0, LIMIT / 2, (byte) 'x');
        byte[] frames = framed(body);
        assertThat(post("/snappy", "", frames).body()).startsWith("/snappy " + LIMIT + " ");
        assertThat(post("/echo/a", "x-snappy-framed", frames).statusCode()).isEqualTo(200);
        assertThat(post("/snappy", "", framed(new byte[LIMIT + 1])).statusCode()).isEqualTo(413);
        int refused = 0;
        for (int at = 10; at < frames.length; at += frames.length / 50) {
            byte[] damaged = frames.clone();
            damaged[at] ^= 1;
            refused += post("/snappy", "", damaged).statusCode() == 400 ? 1 : 0;
        }
        // where a copy begins elsewhere among equal letters, nothing has changed
        assertThat(refused).isGreaterThan(45);
        assertThat(post("/snappy", "", Arrays.copyOf(frames, frames.length - 1)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void refusesWhatIsTooLargeBeforeItIsParsed() throws Exception {
        assertThat(post("/echo/a", "", bytes("x".repeat(LIMIT))).statusCode()).isEqualTo(200);
        assertThat(post("/echo/a", "", new byte[LIMIT + 1]).statusCode()).isEqualTo(413);
        byte[] bomb = gzip(new byte[50 * LIMIT]);
        assertThat(bomb.length).isLessThan(LIMIT);
        assertThat(post("/echo/a", "gzip", bomb).statusCode()).isEqualTo(413);
        byte[] claim = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 0, 'a'};
        assertThat(post("/snappy", "", claim).statusCode()).isEqualTo(413);
        assertThat(handled).hasValue(1);
        assertThat(metrics())
                .contains("muster_push_refused_total{protocol=\"echo\",reason=\"body_size\"} 3");
    }

    @Test
    void doesNotReadAGigabyte() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.actualPort())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(
                    bytes(
                            "POST /echo/a HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Transfer-Encoding: chunked\r\n\r\n"));
            byte[] chunk = bytes("10000\r\n" + "x".repeat(0x10000) + "\r\n");
            int sent = 0;
            try {
                while (sent < 1 << 30) {
                    out.write(chunk);
                    sent += chunk.length;
                }
            } catch (IOException e) {
                assertThat(e).hasMessageMatching("(?s).*(reset|pipe|abort).*");
            }
            assertThat(sent).isLessThan(1 << 30);
        }
        assertThat(handled).hasValue(0);
        assertThat(metrics())
                .contains("muster_push_refused_total{protocol=\"echo\",reason=\"body_size\"} 1")
                .contains("muster_push_in_progress 0");
    }

    @Test
    void cutsATricklingBody() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.actualPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            bytes(
                                    "POST /echo/a HTTP/1.1\r\n"
                                            + "Host: x\r\n"
                                            + "Content-Length: 9\r\n\r\n"
                                            + "abc"));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 408")
                    .contains("body must arrive within ms=400");
        }
        assertThat(metrics()).contains("reason=\"body_timeout\"} 1");
    }

    @Test
    void refusesMoreThanItsNumberAtOnce() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        Router router = Router.router(vertx);
        door.route(
                router,
                PushRoute.of("POST", "/wait", "wait"),
                () ->
                        Optional.of(_ -> {
                            awaitUninterrupted(open);
                            return PushAnswer.of(204);
                        }));
        HttpServer waiting =
                join(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + waiting.actualPort() + "/wait"))
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build();
        var held =
                java.util.stream.IntStream.range(0, 3)
                        .mapToObj(_ ->
                                client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                        .toList();
        await().until(() -> metrics().contains("muster_push_in_progress 3"));
        HttpResponse<String> more = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(more.statusCode()).isEqualTo(429);
        assertThat(more.headers().firstValue("Retry-After")).contains("1");
        open.countDown();
        for (CompletableFuture<HttpResponse<String>> one : held) {
            assertThat(one.join().statusCode()).isEqualTo(204);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void wantsATokenFromElsewhere() throws Exception {
        String[] proxied = {"X-Forwarded-For", "192.0.2.1"};
        byte[] body = bytes("x");
        assertThat(post("/echo/a", "", body, proxied).statusCode()).isEqualTo(401);
        assertThat(post("/echo/a", "", body, "Origin", "http://evil.example").statusCode())
                .isEqualTo(401);
        assertThat(post("/echo/a", "", body, with(proxied, "Bearer s3cret")).statusCode())
                .isEqualTo(200);
        String basic = Base64.getEncoder().encodeToString(bytes("any:s3cret"));
        assertThat(post("/echo/a", "", body, with(proxied, "Basic " + basic)).statusCode())
                .isEqualTo(200);
        assertThat(post("/echo/a", "", body, with(proxied, "Bearer wrong")).statusCode())
                .isEqualTo(401);
        serve(new DoorPlan(Optional.empty(), LIMIT, LIMIT, Duration.ofSeconds(1), 1));
        HttpResponse<String> refused = post("/echo/a", "", body, with(proxied, "Bearer s3cret"));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body())
                .isEqualTo("muster.push.token-file must be set before other hosts can push\n");
    }

    private static String[] with(String[] headers, String authorization) {
        return new String[] {headers[0], headers[1], "Authorization", authorization};
    }

    @Test
    void tellsWhyItRefuses() throws Exception {
        assertThat(post("/later", "", bytes("x")).statusCode()).isEqualTo(503);
        HttpResponse<String> wrong = post("/wrong", "", bytes("x"));
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).isEqualTo("salt must be there\n");
        assertThat(post("/echo/a", "br", bytes("x")).statusCode()).isEqualTo(415);
        assertThat(post("/echo/a", "gzip", bytes("x")).statusCode()).isEqualTo(400);
        assertThat(post("/snappy", "", bytes("x")).statusCode()).isEqualTo(400);
        assertThat(post("/echo/a", "", new byte[] {(byte) 0xc3, 'x'}).statusCode()).isEqualTo(400);
        assertThat(metrics())
                .contains("muster_push_refused_total{protocol=\"wrong\",reason=\"taste\"} 1")
                .contains("muster_push_refused_total{protocol=\"echo\",reason=\"encoding\"} 3")
                .contains("muster_push_refused_total{protocol=\"echo\",reason=\"utf8\"} 1");
    }
}
