package dev.muster.agent.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.append.MemoryBudget;
import dev.muster.agent.scrape.append.ScrapeOutcome;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.fetch.BodyPool;
import dev.muster.agent.scrape.fetch.HttpSources;
import dev.muster.agent.scrape.file.ScrapeDefaults;
import dev.muster.agent.scrape.job.KubernetesScope;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.sd.NoRequests;
import dev.muster.model.labels.Labels;
import dev.muster.yaml.YamlException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The scraper against real servers that do everything a target may do wrong.
class ScraperTest {
    private static final long START_MS = 1_800_000_000_000L;
    private static final int BODY_LIMIT = 1 << 20;

    @TempDir private Path directory;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final ManualTimers time = new ManualTimers(START_MS);
    private final FakeSink sink = new FakeSink();
    private final BodyPool pool = new BodyPool(8 << 20);
    private final HttpSources http = new HttpSources(vertx, pool);
    private MisbehavingServer server;
    private @Nullable Scraper started;

    /// The first fetch of a JVM may take longer than a scrape may.
    @BeforeAll
    static void warmUp() throws IOException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try (MisbehavingServer server = new MisbehavingServer(MisbehavingServer.ok("a 1\n"))) {
            vertx.createHttpClient()
                    .request(HttpMethod.GET, server.port(), "127.0.0.1", "/metrics")
                    .compose(HttpClientRequest::send)
                    .compose(HttpClientResponse::body)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @BeforeEach
    void startServer() throws IOException {
        server = new MisbehavingServer(MisbehavingServer.ok("a 1\nb 2\n"));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        Scraper running = started;
        if (running != null) {
            running.close();
        }
        http.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Path file(String jobs) throws IOException {
        Path file = directory.resolve("p.yml");
        Files.writeString(file, jobs);
        return file;
    }

    private String job(String more) {
        return "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: ['"
                + server.address()
                + "']\n"
                + more;
    }

    private void start(String jobs) throws IOException {
        Scraper scraper =
                new Scraper(
                        new ScrapeSetup(
                                Optional.of(file(jobs)),
                                new ScrapeDefaults(
                                        new ScrapeTiming(
                                                Duration.ofSeconds(1), Duration.ofSeconds(1)),
                                        new ScrapeLimits(BODY_LIMIT, 0, 0, 0, 0, 0)),
                                Map.of("cell", "c"),
                                List.of(),
                                sink,
                                target -> http.of(target, (Endpoint.Http) target.endpoint()),
                                new NoRequests(),
                                new KubernetesScope(Optional.empty(), false),
                                pool,
                                http.metrics(),
                                MemoryBudget.unlimited(),
                                time,
                                time,
                                time::nanoTime,
                                1));
        started = scraper;
        scraper.start();
    }

    private Scraper scraper() {
        return Objects.requireNonNull(started);
    }

    /// Lets one second pass and waits until its scrapes are done.
    private TargetStatus tick() {
        long before = lastTick();
        time.advance(1_000);
        await().until(() -> lastTick() > before);
        return scraper().targets().getFirst();
    }

    private long lastTick() {
        return scraper().targets().getFirst().last().map(last -> last.tickMs()).orElse(0L);
    }

    private String metric(String line) {
        ExpositionWriter out = new ExpositionWriter();
        scraper().writeMetrics(out);
        return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8)
                .lines()
                .filter(l -> l.startsWith(line + " "))
                .findFirst()
                .orElse("absent")
                .substring(line.length() + 1);
    }

    @Test
    void storesNominalTicks() throws IOException {
        start(job(""));
        tick();
        tick();
        assertThat(sink.samples("a")).containsExactly(START_MS + "=1.0", START_MS + 1_000 + "=1.0");
        assertThat(server.requests().getFirst())
                .startsWith("GET /metrics HTTP/1.1")
                .containsIgnoringCase("accept: application/openmetrics-text")
                .containsIgnoringCase("accept-encoding: gzip")
                .containsIgnoringCase("X-Prometheus-Scrape-Timeout-Seconds: 1.000");
    }

    /// What a target does that ends, or has waited long enough, while the next request is under
    /// way.
    @Test
    void aKeptConnectionThatIsResetIsNoFailureOfTheTarget() throws IOException {
        try (ServerSocket kept = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerOncePerConnection(kept));
            start(
                    "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: ['127.0.0.1:"
                            + kept.getLocalPort()
                            + "']\n");
            for (int i = 0; i < 3; i++) {
                TargetStatus status = tick();
                assertThat(status.error()).isEmpty();
                assertThat(status.up()).isTrue();
            }
        }
    }

    /// Answers the first request of a connection, and resets it at the second.
    private static void answerOncePerConnection(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.setSoLinger(true, 0);
                readHead(socket);
                socket.getOutputStream()
                        .write(
                                MisbehavingServer.response(
                                        "200 OK", "", "a 1\n".getBytes(StandardCharsets.UTF_8)));
                readHead(socket);
            } catch (IOException e) {
                // closed with the test, or by the client
                continue;
            }
        }
    }

    private static void readHead(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int b = 0; b >= 0 && head.indexOf("\r\n\r\n") < 0; ) {
            b = socket.getInputStream().read();
            head.append((char) b);
        }
    }

    @Test
    void remembersHowTheLastScrapesWent() throws IOException {
        start(job(""));
        for (int i = 0; i < 12; i++) {
            tick();
        }
        server.close();
        tick();
        String key = scraper().targets().getFirst().target().key();
        ScrapeProgress progress = scraper().progress(key).orElseThrow();
        assertThat(progress.recent()).hasSize(ScrapeProgress.LIMIT);
        assertThat(progress.recent())
                .extracting(ScrapeOutcome::tickMs)
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(progress.changes()).extracting(ScrapeOutcome::up).containsExactly(false, true);
        assertThat(progress.changes().getLast().tickMs()).isEqualTo(START_MS);
        assertThat(progress.nextTickMs()).isEqualTo(lastTick() + 1_000);
        assertThat(scraper().progress("another")).isEmpty();
    }

    @Test
    void saysUpToWhenAllSamplesAreStored() throws IOException {
        start(job(""));
        tick();
        long throughMs = lastTick() + 999;
        await().until(() -> scraper().storedThroughMs() == Math.min(throughMs, time.millis()));
        server.close();
        tick();
        // nobody knows when the next samples of a target that fails will come
        await().until(() -> scraper().storedThroughMs() == time.millis());
    }

    private void failsWith(String reason) {
        TargetStatus status = tick();
        assertThat(status.up()).isFalse();
        assertThat(status.error()).isEqualTo(reason);
        assertThat(sink.samples("up")).last().asString().endsWith("=0.0");
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        start(job(""));
        tick();
        server.close();
        failsWith("connection refused");
        assertThat(sink.samples("a"))
                .containsExactly(START_MS + "=1.0", START_MS + 1_000 + "=stale");
    }

    @Test
    void saysTheStatus() throws IOException {
        start(job(""));
        server.answer((_, out) ->
                out.write(
                        MisbehavingServer.response("500 Internal Server Error", "", new byte[0])));
        failsWith("http status=500 Internal Server Error");
    }

    @Test
    void saysWhereABodyIsWrong() throws IOException {
        start(job(""));
        server.answer(MisbehavingServer.ok("a 1\nb{x=\"1} 2\n"));
        TargetStatus status = tick();
        assertThat(status.error()).startsWith("parse error: line=2 column=");
        assertThat(status.last().flatMap(ScrapeOutcome::fault))
                .hasValueSatisfying(fault -> assertThat(fault.excerpt()).isEqualTo("b{x=\"1} 2"));
        assertThat(sink.series("a")).isEmpty();
    }

    @Test
    void stopsASlowTarget() throws IOException {
        start(job("  scrape_timeout: 400ms\n"));
        server.answer((_, _) -> server.hang());
        failsWith("timeout after=400ms, while waiting for a response");
    }

    @Test
    void stopsATargetThatDrips() throws IOException {
        start(job("  scrape_timeout: 400ms\n"));
        server.answer((_, out) -> {
            out.write(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\na "
                            .getBytes(StandardCharsets.UTF_8));
            out.flush();
            server.hang();
        });
        failsWith("timeout after=400ms, received bytes=2");
    }

    @Test
    void stopsAnEndlessBody() throws IOException {
        start(job(""));
        CountDownLatch stopped = new CountDownLatch(1);
        server.answer((_, out) -> {
            out.write(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
                            .getBytes(StandardCharsets.UTF_8));
            byte[] line =
                    "a{x=\"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"} 1\n"
                            .repeat(100)
                            .getBytes(StandardCharsets.UTF_8);
            try {
                while (true) {
                    out.write(line);
                }
            } catch (IOException e) {
                stopped.countDown();
            }
        });
        failsWith("body_size_limit exceeded: limitBytes=" + BODY_LIMIT);
        await().until(() -> stopped.getCount() == 0);
        assertThat(pool.heldBytes()).isLessThan(3 * BODY_LIMIT);
    }

    @Test
    void saysThatABodyBrokeOff() throws IOException {
        start(job(""));
        server.answer((_, out) ->
                out.write(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\na 1\n"
                                .getBytes(StandardCharsets.UTF_8)));
        failsWith("connection closed before the body was complete: received bytes=4");
        assertThat(sink.series("a")).isEmpty();
    }

    @Test
    void saysThatNothingWasAnswered() throws IOException {
        start(job(""));
        server.answer((_, _) -> {});
        failsWith("connection closed before a response");
        assertThat(server.requests()).as("tried twice").hasSize(2);
    }

    @Test
    void inflates() throws IOException {
        start(job(""));
        server.answer((_, out) ->
                out.write(
                        MisbehavingServer.response(
                                "200 OK",
                                "Content-Encoding: gzip\r\n",
                                MisbehavingServer.gzip("a 7\n".getBytes(StandardCharsets.UTF_8)))));
        tick();
        assertThat(sink.samples("a")).containsExactly(START_MS + "=7.0");
    }

    @Test
    void stopsAGzipBomb() throws IOException {
        start(job(""));
        byte[] bomb = MisbehavingServer.gzip(new byte[100 << 20]);
        assertThat(bomb.length).isLessThan(BODY_LIMIT);
        server.answer((_, out) ->
                out.write(
                        MisbehavingServer.response("200 OK", "Content-Encoding: gzip\r\n", bomb)));
        failsWith("body_size_limit exceeded: limitBytes=" + BODY_LIMIT);
    }

    @Test
    void refusesWrongGzip() throws IOException {
        start(job(""));
        server.answer((_, out) ->
                out.write(
                        MisbehavingServer.response(
                                "200 OK",
                                "Content-Encoding: gzip\r\n",
                                "a 1\n".repeat(9).getBytes(StandardCharsets.UTF_8))));
        failsWith("gzip body must be whole: offsetBytes=0, does not start as gzip");
        byte[] whole = MisbehavingServer.gzip("a 1\n".getBytes(StandardCharsets.UTF_8));
        byte[] cut = Arrays.copyOf(whole, whole.length - 6);
        server.answer((_, out) ->
                out.write(MisbehavingServer.response("200 OK", "Content-Encoding: gzip\r\n", cut)));
        failsWith("gzip body must be whole: offsetBytes=" + cut.length + ", cut short");
        server.answer((_, out) ->
                out.write(MisbehavingServer.response("200 OK", "Content-Encoding: br\r\n", whole)));
        failsWith("content encoding must be gzip, zstd or identity: found=br");
    }

    @Test
    void followsARedirectAndLeavesItsCredentialsBehind() throws IOException {
        try (MisbehavingServer other = new MisbehavingServer(MisbehavingServer.ok("a 9\n"))) {
            start(job("  basic_auth: {username: u, password: p}\n"));
            server.answer((_, out) ->
                    out.write(
                            MisbehavingServer.response(
                                    "302 Found",
                                    "Location: http://" + other.address() + "/x?y=1\r\n",
                                    new byte[0])));
            tick();
            assertThat(sink.samples("a")).containsExactly(START_MS + "=9.0");
            String basic =
                    Base64.getEncoder().encodeToString("u:p".getBytes(StandardCharsets.UTF_8));
            assertThat(server.requests().getFirst())
                    .containsIgnoringCase("Authorization: Basic " + basic);
            assertThat(other.requests().getFirst())
                    .startsWith("GET /x?y=1 ")
                    .doesNotContainIgnoringCase("authorization");
        }
    }

    @Test
    void stopsRedirectsInCircles() throws IOException {
        start(job(""));
        server.answer((_, out) ->
                out.write(
                        MisbehavingServer.response(
                                "302 Found", "Location: /metrics\r\n", new byte[0])));
        failsWith("redirects must be at most 10: last location=/metrics");
        assertThat(server.requests()).hasSize(11);
    }

    @Test
    void takesARedirectAsAFailureWhenTold() throws IOException {
        start(job("  follow_redirects: false\n"));
        server.answer((_, out) ->
                out.write(
                        MisbehavingServer.response(
                                "302 Found", "Location: /metrics\r\n", new byte[0])));
        failsWith("http status=302 Found");
    }

    @Test
    void keepsItsPaceWhenTheClockIsSet() throws IOException {
        start(job(""));
        tick();
        time.stepWall(-3_600_000);
        tickAnyhow();
        assertThat(metric("muster_scrape_clock_steps_total")).isEqualTo("1");
        time.stepWall(2 * 3_600_000);
        tickAnyhow();
        assertThat(metric("muster_scrape_ticks_missed_total")).isNotEqualTo("0");
        int before = server.requests().size();
        tickAnyhow();
        tickAnyhow();
        assertThat(server.requests()).hasSize(before + 2);
        assertThat(scraper().targets().getFirst().up()).isTrue();
    }

    private void tickAnyhow() {
        int before = Integer.parseInt(metric("muster_scrapes_total"));
        time.advance(1_000);
        await().until(() -> Integer.parseInt(metric("muster_scrapes_total")) > before);
    }

    @Test
    void reloadLosesNoTickOfTargetsThatStay() throws IOException {
        try (MisbehavingServer other = new MisbehavingServer(MisbehavingServer.ok("c 3\n"))) {
            start(job(""));
            tick();
            file(
                    job(
                            "- job_name: other\n  static_configs: [{targets: ['"
                                    + other.address()
                                    + "']}]\n"));
            scraper().reload();
            tick();
            tick();
            assertThat(sink.samples("a")).hasSize(3).noneMatch(sample -> sample.contains("stale"));
            await().until(() -> sink.series("c").size() == 1);

            file(job(""));
            scraper().reload();
            tick();
            tick();
            assertThat(sink.samples("c")).last().asString().endsWith("stale");
            assertThat(sink.openOrigins()).hasSize(1);
            assertThat(sink.samples("a")).hasSize(5).noneMatch(sample -> sample.contains("stale"));
        }
    }

    @Test
    void reloadOfAJobThatChangesKeepsItsSeries() throws IOException {
        start(job(""));
        tick();
        file(
                job(
                        "  metric_relabel_configs:\n"
                                + "  - {source_labels: [__name__], regex: b, action: drop}\n"));
        scraper().reload();
        tick();
        tick();
        assertThat(sink.samples("a")).hasSize(3).noneMatch(sample -> sample.contains("stale"));
        assertThat(sink.samples("b"))
                .containsExactly(START_MS + "=2.0", START_MS + 1_000 + "=stale");
        assertThat(sink.openOrigins()).hasSize(1);
    }

    @Test
    void aTargetThatComesBackAtOnceGoesOn() throws IOException {
        start(job(""));
        tick();
        file("scrape_configs: []\n");
        scraper().reload();
        file(job(""));
        scraper().reload();
        tick();
        tick();
        assertThat(sink.samples("a")).hasSize(3).noneMatch(sample -> sample.contains("stale"));
        assertThat(sink.openOrigins()).hasSize(1);
    }

    @Test
    void aWrongFileChangesNothing() throws IOException {
        start(job(""));
        tick();
        file(job("  scrape_intervall: 1s\n"));
        assertThatThrownBy(() -> scraper().reload())
                .isInstanceOf(YamlException.class)
                .hasMessageContaining("line=5 column=3: unknown key: found=scrape_intervall");
        assertThat(metric("muster_scrape_reload_successful")).isEqualTo("0");
        tick();
        assertThat(sink.samples("a")).hasSize(2);
    }

    @Test
    void findsAChangedFileByItself() throws IOException {
        start("scrape_configs: []\n");
        assertThat(scraper().targets()).isEmpty();
        file(job(""));
        scraper().poll();
        assertThat(scraper().targets()).hasSize(1);
        tick();
        assertThat(sink.samples("up")).hasSize(1);
    }

    @Test
    void refusesBodiesBeyondTheMemoryOfAllTogether() throws IOException {
        start(job("  body_size_limit: 100MB\n"));
        byte[] large = "a 1\n".repeat(3 << 20).getBytes(StandardCharsets.UTF_8);
        server.answer((_, out) -> out.write(MisbehavingServer.response("200 OK", "", large)));
        failsWith("memory for bodies is used up: budgetBytes=" + (8 << 20));
        server.answer(MisbehavingServer.ok("a 1\n"));
        assertThat(tick().up()).isTrue();
    }

    @Test
    void seriesFollowTheAgentIntoAnotherCell() throws IOException {
        start(job(""));
        tick();
        assertThat(scraper().relabelledMs()).isEmpty();
        scraper().relabel(Map.of("cell", "d"));
        assertThat(scraper().relabelledMs()).hasValue(START_MS + 1_000);
        tick();
        List<Labels> both = sink.series("a");
        assertThat(both).extracting(labels -> labels.get("cell")).containsExactly("c", "d");
        assertThat(sink.samples(both.getFirst())).last().asString().endsWith("=stale");
        assertThat(sink.samples(both.getLast())).singleElement().asString().endsWith("=1.0");
        assertThat(sink.series("up")).hasSize(2);
    }

    @Test
    void labelsOfTheAgentWinOverThoseOfTheFile() throws IOException {
        start("global: {external_labels: {cell: other, zone: z}}\n" + job(""));
        tick();
        Labels labels = sink.series("a").getFirst();
        assertThat(labels.get("cell")).isEqualTo("c");
        assertThat(labels.get("zone")).isEqualTo("z");
    }
}
