package dev.muster.agent.scrape.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import dev.muster.agent.scrape.MisbehavingServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fetches from servers that do what targets may do wrong.
class HttpFetchTest {
    @TempDir private Path directory;
    private Fetching fetching;
    private MisbehavingServer server;

    @BeforeEach
    void start() throws IOException {
        fetching = new Fetching(directory);
        server = new MisbehavingServer(MisbehavingServer.ok("a 1\n"));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        fetching.close();
        assertThat(fetching.pool.heldBytes()).isLessThan(4 * Fetching.BODY_LIMIT);
    }

    private String url() {
        return "http://" + server.address() + "/metrics";
    }

    private void answer(String headers, byte[] body) {
        server.answer((_, out) -> out.write(MisbehavingServer.response("200 OK", headers, body)));
    }

    private void failsWith(FetchFault fault, String reason) throws IOException {
        failsWith("", fault, reason);
    }

    private void failsWith(String settings, FetchFault fault, String reason) throws IOException {
        FetchResult.Failed failed = fetching.failure(settings, url());
        assertThat(failed.reason()).isEqualTo(reason);
        assertThat(failed.fault()).isEqualTo(fault);
    }

    @Test
    void tellsHowItWent() throws IOException {
        HttpExchange exchange = fetching.fetch("", url()).http().orElseThrow();
        assertThat(exchange.status()).isEqualTo(200);
        assertThat(exchange.contentType()).isEqualTo("text/plain; version=0.0.4");
        assertThat(exchange.protocol()).isEqualTo("HTTP/1.1");
        assertThat(exchange.wireBytes()).isEqualTo(4);
        assertThat(exchange.redirects()).isZero();
        assertThat(exchange.url()).isEqualTo(url());
        assertThat(exchange.remoteAddress()).isEqualTo(server.address());
        assertThat(exchange.connectNanos()).isPositive();
        assertThat(exchange.firstByteNanos()).isGreaterThanOrEqualTo(exchange.connectNanos());
        assertThat(exchange.totalNanos()).isGreaterThanOrEqualTo(exchange.firstByteNanos());
    }

    @Test
    void tellsHowFarItCame() throws IOException {
        server.answer((_, out) ->
                out.write(MisbehavingServer.response("503 Busy", "", "x".getBytes(UTF_8))));
        FetchResult.Failed failed = fetching.failure("", url());
        assertThat(failed.fault()).isEqualTo(FetchFault.STATUS);
        assertThat(failed.exchange().orElseThrow().status()).isEqualTo(503);
        server.close();
        failed = fetching.failure("", url());
        assertThat(failed.fault()).isEqualTo(FetchFault.REFUSED);
        assertThat(failed.exchange().orElseThrow().status()).isZero();
        assertThat(failed.exchange().orElseThrow().connectNanos()).isEqualTo(-1);
    }

    @Test
    void followsRedirectsAndTellsWhereTo() throws IOException {
        server.answer((request, out) ->
                out.write(
                        request.startsWith("GET /metrics ")
                                ? MisbehavingServer.response(
                                        "302 Found", "Location: ../b?c=d\r\n", new byte[0])
                                : MisbehavingServer.response(
                                        "200 OK", "", "a 2\n".getBytes(UTF_8))));
        HttpExchange exchange = fetching.fetch("", url()).http().orElseThrow();
        assertThat(exchange.redirects()).isEqualTo(1);
        assertThat(exchange.url()).isEqualTo("http://" + server.address() + "/b?c=d");
    }

    @Test
    void refusesRedirectsThatLeadNowhere() throws IOException {
        server.answer((_, out) ->
                out.write(
                        MisbehavingServer.response(
                                "302 Found", "Location: file:///etc/passwd\r\n", new byte[0])));
        failsWith(
                FetchFault.REDIRECT,
                "redirect must lead to an http or https address: location=file:///etc/passwd");
        server.answer(
                (_, out) -> out.write(MisbehavingServer.response("302 Found", "", new byte[0])));
        failsWith(FetchFault.REDIRECT, "http status=302 must have a location: found=none");
    }

    @Test
    void inflatesZstd() throws IOException {
        answer("Content-Encoding: zstd\r\n", Zstd.compress("a 7\n".getBytes(UTF_8)));
        assertThat(fetching.text("", url())).isEqualTo("a 7\n");
        byte[] twice = new byte[40];
        byte[] one = Zstd.compress("a 7\n".getBytes(UTF_8));
        System.arraycopy(one, 0, twice, 0, one.length);
        System.arraycopy(one, 0, twice, one.length, one.length);
        answer("Content-Encoding: zstd\r\n", Arrays.copyOf(twice, 2 * one.length));
        assertThat(fetching.text("", url())).isEqualTo("a 7\na 7\n");
        assertThat(server.requests().getFirst())
                .containsIgnoringCase("accept-encoding: gzip, zstd;q=0.5");
    }

    @Test
    void stopsAZstdBomb() throws IOException {
        byte[] bomb = Zstd.compress(new byte[200 << 20]);
        assertThat(bomb.length).isLessThan(Fetching.BODY_LIMIT);
        answer("Content-Encoding: zstd\r\n", bomb);
        assertThat(fetching.text("", url()))
                .isEqualTo("BODY_SIZE body_size_limit exceeded: limitBytes=1048576");
    }

    @Test
    void refusesAZstdWindowBeyondEightMegabytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZstdOutputStream out = new ZstdOutputStream(bytes)) {
            out.setLong(27);
            out.write(new byte[64]);
        }
        answer("Content-Encoding: zstd\r\n", bytes.toByteArray());
        assertThat(fetching.text("", url())).startsWith("ENCODING zstd body must be whole: ");
    }

    @Test
    void refusesDamagedZstd() throws IOException {
        answer("Content-Encoding: zstd\r\n", "a 1\n".repeat(9).getBytes(UTF_8));
        assertThat(fetching.text("", url())).startsWith("ENCODING zstd body must be whole: ");
        byte[] whole = Zstd.compress("abcdefghijklmnop 1\n".repeat(99).getBytes(UTF_8));
        answer("Content-Encoding: zstd\r\n", Arrays.copyOf(whole, whole.length - 5));
        assertThat(fetching.text("", url())).startsWith("ENCODING zstd body must be whole: ");
    }

    @Test
    void stopsAHeaderFlood() throws IOException {
        server.answer((_, out) -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes(UTF_8));
            byte[] header = ("X-Flood: " + "y".repeat(1_000) + "\r\n").getBytes(UTF_8);
            for (int i = 0; i < 100_000; i++) {
                out.write(header);
            }
        });
        failsWith(FetchFault.PROTOCOL, "head of the response must have at most headBytes=65536");
    }

    @Test
    void refusesWhatIsNotHttp() throws IOException {
        server.answer((_, out) -> out.write("SSH-2.0-OpenSSH_9.6\r\n".getBytes(UTF_8)));
        FetchResult.Failed failed = fetching.failure("", url());
        assertThat(failed.reason()).startsWith("answer must be HTTP: ");
        assertThat(failed.fault()).isEqualTo(FetchFault.PROTOCOL);
    }

    @Test
    void stopsABodyThatTrickles() throws IOException {
        server.answer((_, out) -> {
            out.write(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9999\r\n\r\n"
                            .getBytes(UTF_8));
            trickle(out);
        });
        long start = System.nanoTime();
        FetchResult.Failed failed = fetching.failure("scrape_timeout: 500ms", url());
        assertThat(failed.reason()).startsWith("timeout after=500ms, received bytes=");
        assertThat(failed.fault()).isEqualTo(FetchFault.TIMEOUT);
        assertThat(failed.exchange().orElseThrow().wireBytes()).isPositive();
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void stopsAHeadThatTrickles() throws IOException {
        server.answer((_, out) -> {
            out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(UTF_8));
            trickle(out);
        });
        failsWith(
                "scrape_timeout: 500ms",
                FetchFault.TIMEOUT,
                "timeout after=500ms, while waiting for a response");
    }

    /// A byte every few milliseconds until the client leaves.
    private static void trickle(OutputStream out) throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        do {
            out.write('a');
            out.flush();
        } while (!never.await(10, TimeUnit.MILLISECONDS));
    }

    @Test
    void stopsABodyOfAGigabyte() throws IOException {
        server.answer((_, out) -> {
            out.write(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1073741824\r\n\r\n"
                            .getBytes(UTF_8));
            byte[] piece = new byte[1 << 20];
            for (int i = 0; i < 1_024; i++) {
                out.write(piece);
            }
        });
        failsWith(FetchFault.BODY_SIZE, "body_size_limit exceeded: limitBytes=1048576");
    }

    @Test
    void refusesWrongLengths() throws IOException {
        server.answer((_, out) ->
                out.write(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\na 1\n"
                                .getBytes(UTF_8)));
        failsWith(
                FetchFault.CLOSED,
                "connection closed before the body was complete: received bytes=4");
        server.answer((_, out) ->
                out.write(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: x\r\n\r\na 1\n"
                                .getBytes(UTF_8)));
        assertThat(fetching.failure("", url()).fault())
                .isIn(FetchFault.PROTOCOL, FetchFault.CLOSED);
    }

    @Test
    void takesNoMoreThanTheLengthAndGoesOnAfterwards() throws IOException {
        server.answer((_, out) ->
                out.write(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\na 1\nb 2\n"
                                .getBytes(UTF_8)));
        assertThat(fetching.text("", url())).isEqualTo("a 1\n");
        server.answer(MisbehavingServer.ok("c 3\n"));
        assertThat(fetching.text("", url())).isEqualTo("c 3\n");
    }

    @Test
    void refusesAPage() throws IOException {
        answer("Content-Type: text/html\r\n", "<html>".getBytes(UTF_8));
        FetchResult.Failed failed = fetching.failure("", url());
        assertThat(failed.fault()).isEqualTo(FetchFault.CONTENT_TYPE);
        assertThat(failed.reason())
                .contains("found=text/html")
                .contains("fallback_scrape_protocol");
        FetchResult read = fetching.fetch("fallback_scrape_protocol: PrometheusText0.0.4", url());
        assertThat(((FetchResult.Received) read).warning()).contains("found=text/html");
    }

    @Test
    void asksForTheFormatsOfTheJob() throws IOException {
        fetching.fetch("scrape_protocols: [PrometheusProto, PrometheusText0.0.4]", url());
        assertThat(server.requests().getFirst())
                .containsIgnoringCase("accept: application/vnd.google.protobuf;")
                .doesNotContain("openmetrics");
    }

    @Test
    void sendsHeadersOfTheJob() throws IOException {
        Files.writeString(directory.resolve("h"), "from-file\n");
        fetching.fetch(
                """
                enable_compression: false
                http_headers:
                  X-Tenant: {values: [a, b]}
                  X-Secret: {secrets: [c], files: [h]}
                """,
                url());
        assertThat(server.requests().getFirst())
                .containsIgnoringCase("x-tenant: a")
                .containsIgnoringCase("x-tenant: b")
                .containsIgnoringCase("x-secret: c")
                .containsIgnoringCase("x-secret: from-file")
                .containsIgnoringCase("accept-encoding: identity");
    }

    @Test
    void readsAPasswordAnewForEachFetch() throws IOException {
        Path password = directory.resolve("pw");
        Files.writeString(password, "one\n");
        BodySource source = fetching.source("basic_auth: {username: u, password_file: pw}", url());
        Fetching.fetch(source);
        Files.writeString(password, "two\n");
        Fetching.fetch(source);
        assertThat(server.requests().get(0)).contains(AccessReader.basic("u", "one"));
        assertThat(server.requests().get(1)).contains(AccessReader.basic("u", "two"));
        Files.delete(password);
        FetchResult.Failed failed = (FetchResult.Failed) Fetching.fetch(source);
        assertThat(failed.fault()).isEqualTo(FetchFault.CREDENTIALS);
        assertThat(failed.reason())
                .isEqualTo("basic_auth: file must be readable: NoSuchFile: " + password);
    }

    @Test
    void refusesASecretThatWouldBeAnotherHeader() throws IOException {
        Files.writeString(directory.resolve("t"), "abc\r\nX-Evil: 1");
        failsWith(
                "authorization: {credentials_file: t}",
                FetchFault.CREDENTIALS,
                "authorization: a value must be one line");
        assertThat(server.requests()).isEmpty();
    }
}
