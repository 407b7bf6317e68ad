package dev.muster.query.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.federation.follow.StreamTransport;
import dev.muster.federation.tls.ClientAuth;
import dev.muster.federation.tls.Tls;
import dev.muster.federation.tls.TlsConfig;
import dev.muster.query.fleet.HttpStreamTransport;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streams and questions to one agent, with what the agent's side sees of them.
class AgentHttpTest {
    private static final int LARGE_BYTES = 4 << 20;
    private static final Duration CONNECT = Duration.ofSeconds(2);

    @TempDir private static Path directory;
    private static Certificates agent;
    private static Certificates node;
    private static Certificates renewed;
    private static Path trusted;

    private final Vertx vertx = Vertx.vertx();
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<HttpVersion> versions = new CopyOnWriteArrayList<>();
    private final List<String> callers = new CopyOnWriteArrayList<>();
    private final AtomicInteger resets = new AtomicInteger();
    private final List<HttpServerResponse> streams = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void makeCertificates() throws IOException {
        agent = Certificates.make(directory, "agent", "dns:localhost,ip:127.0.0.1");
        node = Certificates.make(directory, "node", "dns:localhost");
        renewed = Certificates.make(directory, "renewed", "dns:localhost,ip:127.0.0.1");
        trusted = directory.resolve("trusted.crt");
        Files.writeString(
                trusted,
                Files.readString(agent.cert())
                        + Files.readString(node.cert())
                        + Files.readString(renewed.cert()));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Tls tls(Certificates own) throws IOException {
        return Tls.open(
                new TlsConfig(
                        Optional.of(own.cert()),
                        Optional.of(own.key()),
                        Optional.of(trusted),
                        ClientAuth.NONE,
                        Optional.empty()));
    }

    private String serve(Optional<Tls> tls) {
        HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
        tls.ifPresent(files ->
                options.setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(KeyCertOptions.wrap(files.keys()))
                        .setTrustOptions(TrustOptions.wrap(files.trust()))
                        .setClientAuth(io.vertx.core.http.ClientAuth.REQUIRED));
        HttpServer server = vertx.createHttpServer(options).requestHandler(this::answer);
        server.listen().toCompletionStage().toCompletableFuture().join();
        return (tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + server.actualPort();
    }

    private void answer(HttpServerRequest request) {
        connections.add(request.connection());
        versions.add(request.version());
        callers.add(caller(request));
        HttpServerResponse response = request.response();
        response.exceptionHandler(_ -> resets.incrementAndGet());
        switch (Objects.requireNonNull(request.path())) {
            case "/quick" -> response.end("quick");
            case "/echo" -> request.body().onSuccess(response::end);
            case "/large" -> response.end(Buffer.buffer(new byte[LARGE_BYTES]));
            case "/refused" -> response.setStatusCode(503).end("busy");
            case "/api/v1/cell/stream" -> {
                response.setChunked(true).write(frame("first"));
                streams.add(response);
            }
            default -> {}
        }
    }

    private static String caller(HttpServerRequest request) {
        try {
            return request.isSSL() ? request.sslSession().getPeerPrincipal().getName() : "in clear";
        } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
            return "nobody";
        }
    }

    private static Buffer frame(String text) {
        return Buffer.buffer().appendInt(text.length()).appendString(text);
    }

    private static String ask(HttpClient http, String url) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static final class Frames implements StreamTransport.Receiver {
        final List<String> received = new CopyOnWriteArrayList<>();
        final CompletableFuture<String> ended = new CompletableFuture<>();

        @Override
        public void received(byte[] frame) {
            received.add(new String(frame, StandardCharsets.UTF_8));
        }

        @Override
        public void ended(String reason) {
            ended.complete(reason);
        }
    }

    private void carriesAllByOneConnection(Optional<Tls> server, Optional<Tls> client)
            throws Exception {
        String url = serve(server);
        var wire = new AgentConnections(vertx, CONNECT, client);
        HttpClient http = new AgentHttp(vertx, wire);
        HttpStreamTransport transport = new HttpStreamTransport(wire);
        Frames frames = new Frames();
        var stream = transport.open(url, StreamTransport.Kind.STREAM, new byte[1], frames);
        await().until(() -> frames.received.contains("first"));
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(
                    http.sendAsync(
                                    HttpRequest.newBuilder(URI.create(url + "/echo"))
                                            .POST(HttpRequest.BodyPublishers.ofString("n" + i))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .thenApply(HttpResponse::body));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).isEqualTo("n" + i);
        }
        vertx.runOnContext(_ -> streams.getFirst().write(frame("second")));
        await().until(() -> frames.received.contains("second"));
        assertThat(versions).hasSize(21).containsOnly(HttpVersion.HTTP_2);
        assertThat(connections).hasSize(1);
        stream.close();
        transport.close();
    }

    @Test
    void oneConnectionInClearCarriesStreamAndQuestions() throws Exception {
        carriesAllByOneConnection(Optional.empty(), Optional.empty());
    }

    @Test
    void oneConnectionWithTlsCarriesStreamAndQuestions() throws Exception {
        carriesAllByOneConnection(Optional.of(tls(agent)), Optional.of(tls(node)));
        assertThat(callers).containsOnly("CN=node");
    }

    @Test
    void slowReadersDoNotStallOthers() throws Exception {
        String url = serve(Optional.empty());
        HttpClient http = plain();
        for (int round = 0; round < 3; round++) {
            List<InputStream> unread = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                unread.add(large(http, url));
            }
            assertThat(ask(http, url + "/quick")).isEqualTo("quick");
            assertThat(unread.removeFirst().readAllBytes()).hasSize(LARGE_BYTES);
            for (InputStream one : unread) {
                one.close();
            }
        }
        assertThat(connections).hasSize(1);
    }

    private HttpClient plain() {
        return new AgentHttp(vertx, new AgentConnections(vertx, CONNECT, Optional.empty()));
    }

    private static InputStream large(HttpClient http, String url) throws Exception {
        HttpRequest large = HttpRequest.newBuilder(URI.create(url + "/large")).build();
        return http.send(large, HttpResponse.BodyHandlers.ofInputStream()).body();
    }

    @Test
    void renewedCertificatesCutNoStream() throws Exception {
        Path cert = directory.resolve("own.crt");
        Path key = directory.resolve("own.key");
        Files.copy(agent.cert(), cert);
        Files.copy(agent.key(), key);
        Tls server = tls(new Certificates(cert, key));
        Tls client = tls(new Certificates(cert, key));
        String url = serve(Optional.of(server));
        var wire = new AgentConnections(vertx, CONNECT, Optional.of(client));
        Frames frames = new Frames();
        new HttpStreamTransport(wire).open(url, StreamTransport.Kind.STREAM, new byte[1], frames);
        await().until(() -> frames.received.contains("first"));
        Files.writeString(cert, Files.readString(renewed.cert()));
        Files.writeString(key, Files.readString(renewed.key()));
        assertThat(server.reload()).isTrue();
        assertThat(client.reload()).isTrue();
        assertThat(ask(new AgentHttp(vertx, wire), url + "/quick")).isEqualTo("quick");
        var fresh = new AgentConnections(vertx, CONNECT, Optional.of(client));
        assertThat(ask(new AgentHttp(vertx, fresh), url + "/quick")).isEqualTo("quick");
        assertThat(callers).containsExactly("CN=agent", "CN=agent", "CN=renewed");
        vertx.runOnContext(_ -> streams.getFirst().write(frame("second")));
        await().until(() -> frames.received.contains("second"));
        assertThat(frames.ended).isNotDone();
    }

    @Test
    void aStreamThatIsGivenUpTakesNoAnswersWithIt() throws Exception {
        String url = serve(Optional.empty());
        AgentConnections wire = new AgentConnections(vertx, CONNECT, Optional.empty());
        HttpClient http = new AgentHttp(vertx, wire);
        HttpStreamTransport transport = new HttpStreamTransport(wire);
        Frames frames = new Frames();
        var stream = transport.open(url, StreamTransport.Kind.STREAM, new byte[1], frames);
        await().until(() -> frames.received.contains("first"));
        InputStream open = large(http, url);
        stream.close();
        await().until(() -> resets.get() > 0);
        assertThat(ask(http, url + "/quick")).isEqualTo("quick");
        assertThat(open.readAllBytes()).hasSize(LARGE_BYTES);
        assertThat(connections).hasSize(1);
    }

    @Test
    void agentsAreReadBySeveralEventLoopsEachByOne() {
        AgentConnections wire = new AgentConnections(vertx, CONNECT, Optional.empty());
        Map<String, Set<Thread>> loops = new ConcurrentHashMap<>();
        List<Future<?>> asked = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            for (int agent = 2; agent < 66; agent++) {
                // nobody is there
                String url = "http://127.0.0." + agent + ":1/";
                Set<Thread> of = loops.computeIfAbsent(url, _ -> ConcurrentHashMap.newKeySet());
                asked.add(
                        wire.request(
                                        HttpMethod.GET,
                                        URI.create(url),
                                        MultiMap.caseInsensitiveMultiMap())
                                .onComplete(_ -> of.add(Thread.currentThread())));
            }
        }
        await().until(() -> asked.stream().allMatch(Future::isComplete));
        await().untilAsserted(() ->
                assertThat(loops.values()).allSatisfy(of -> assertThat(of).hasSize(1)));
        Set<Thread> all = new HashSet<>();
        loops.values().forEach(all::addAll);
        assertThat(all)
                .hasSize(
                        Math.min(
                                AgentConnections.LOOP_LIMIT,
                                Runtime.getRuntime().availableProcessors()));
    }

    @Test
    void aDeadConnectionIsGivenUpWithItsStream() throws Exception {
        int port = URI.create(serve(Optional.empty())).getPort();
        AtomicBoolean dead = new AtomicBoolean();
        NetServer relay =
                vertx.createNetServer(new NetServerOptions().setHost("127.0.0.1").setPort(0))
                        .connectHandler(
                                left -> relay(left, port, dead.get() ? () -> false : dead::get));
        relay.listen().toCompletionStage().toCompletableFuture().join();
        String url = "http://127.0.0.1:" + relay.actualPort();
        AgentConnections wire = new AgentConnections(vertx, CONNECT, Optional.empty());
        Frames frames = new Frames();
        var stream =
                new HttpStreamTransport(wire)
                        .open(url, StreamTransport.Kind.STREAM, new byte[1], frames);
        await().until(() -> frames.received.contains("first"));
        dead.set(true);
        CompletableFuture<HttpResponse<String>> moved =
                new AgentHttp(vertx, wire)
                        .sendAsync(
                                HttpRequest.newBuilder(URI.create(url + "/quick")).build(),
                                HttpResponse.BodyHandlers.ofString());
        stream.close();
        assertThat(moved.get(10, TimeUnit.SECONDS).body()).isEqualTo("quick");
        assertThat(ask(new AgentHttp(vertx, wire), url + "/quick")).isEqualTo("quick");
        assertThat(connections).hasSize(2);
    }

    private void relay(NetSocket left, int port, BooleanSupplier dead) {
        left.pause();
        vertx.createNetClient()
                .connect(port, "127.0.0.1")
                .onSuccess(right -> {
                    left.handler(bytes -> pass(bytes, right, dead));
                    right.handler(bytes -> pass(bytes, left, dead));
                    left.resume();
                });
    }

    private static void pass(Buffer bytes, NetSocket to, BooleanSupplier dead) {
        if (!dead.getAsBoolean()) {
            to.write(bytes);
        }
    }

    @Test
    void opensAnotherConnectionWhenThatKeptHasJustEnded() throws Exception {
        URI url = URI.create(serve(Optional.empty()) + "/quick");
        var wire = new AgentConnections(vertx, CONNECT, Optional.empty());
        assertThat(opened(url, wire, 2).get(10, TimeUnit.SECONDS).body()).isEqualTo("quick");
        assertThatThrownBy(() -> opened(url, wire, 3).get(10, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(HttpClosedException.class);
    }

    /// Asks where the first connections have ended when the request shall be sent.
    private CompletableFuture<HttpResponse<String>> opened(
            URI url, AgentConnections wire, int ended) {
        AtomicInteger tries = new AtomicInteger();
        Exchange<String> exchange =
                new Exchange<>(
                        vertx,
                        HttpRequest.newBuilder(url).build(),
                        HttpResponse.BodyHandlers.ofString(),
                        true);
        exchange.begin((method, to, headers) ->
                tries.incrementAndGet() <= ended
                        ? Future.failedFuture(new HttpClosedException("Connection was closed"))
                        : wire.request(method, to, headers));
        return exchange.response();
    }

    @Test
    void failsAsTheClientOfTheJdkDoes() throws Exception {
        String url = serve(Optional.empty());
        HttpClient http = plain();
        HttpRequest slow =
                HttpRequest.newBuilder(URI.create(url + "/never"))
                        .timeout(Duration.ofMillis(300))
                        .build();
        assertThatThrownBy(() -> http.send(slow, HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);
        await().until(() -> resets.get() > 0);
        assertThatThrownBy(() -> ask(http, "http://127.0.0.1:1/"))
                .isInstanceOf(ConnectException.class);
        HttpRequest busy = HttpRequest.newBuilder(URI.create(url + "/refused")).build();
        HttpResponse<String> refused = http.send(busy, HttpResponse.BodyHandlers.ofString());
        assertThat(refused.statusCode() + refused.body()).isEqualTo("503busy");
        assertThat(refused.headers().firstValue("content-length")).contains("4");
    }

    @Test
    void stopsWhenItsThreadIsInterrupted() throws Exception {
        String url = serve(Optional.empty());
        HttpClient http = plain();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread asking =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                ask(http, url + "/never");
                            } catch (Exception e) {
                                end.complete(e);
                            }
                        });
        await().until(() -> !versions.isEmpty());
        asking.interrupt();
        assertThat(end.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        await().until(() -> resets.get() > 0);
    }

    @Test
    void speaksHttp1WhereHttp2IsNotUnderstood() throws Exception {
        HttpServer older =
                vertx.createHttpServer(
                                new HttpServerOptions()
                                        .setHost("127.0.0.1")
                                        .setPort(0)
                                        .setHttp2ClearTextEnabled(false))
                        .requestHandler(this::answer);
        older.listen().toCompletionStage().toCompletableFuture().join();
        String url = "http://127.0.0.1:" + older.actualPort();
        HttpClient http = plain();
        assertThat(ask(http, url + "/quick")).isEqualTo("quick");
        assertThat(ask(http, url + "/quick")).isEqualTo("quick");
        assertThat(versions).endsWith(HttpVersion.HTTP_1_1, HttpVersion.HTTP_1_1);
    }

    @Test
    void asksOnceMoreWhereAKeptConnectionIsClosed() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        NetServer closing =
                vertx.createNetServer(new NetServerOptions().setHost("127.0.0.1").setPort(0))
                        .connectHandler(socket -> {
                            AtomicInteger requests = new AtomicInteger();
                            connections.incrementAndGet();
                            socket.handler(piece -> {
                                boolean old = piece.toString().startsWith("GET");
                                if (old && requests.getAndIncrement() == 0) {
                                    var _ =
                                            socket.write(
                                                    "HTTP/1.1 200 OK\r\n"
                                                            + "Content-Length: 5\r\n\r\n"
                                                            + "quick");
                                } else {
                                    var _ = socket.close();
                                }
                            });
                        });
        closing.listen().toCompletionStage().toCompletableFuture().join();
        String url = "http://127.0.0.1:" + closing.actualPort();
        HttpClient http = plain();
        assertThat(ask(http, url + "/quick")).isEqualTo("quick");
        int before = connections.get();
        assertThat(ask(http, url + "/quick")).isEqualTo("quick");
        assertThat(connections.get()).isEqualTo(before + 1);
        assertThatThrownBy(() -> ask(((AgentHttp) http).once(), url + "/quick"))
                .isInstanceOf(IOException.class);
        assertThat(connections.get()).isEqualTo(before + 1);
    }

    @Test
    void aStrangerGetsNoAnswer() throws Exception {
        String url = serve(Optional.of(tls(agent)));
        HttpClient http = plain();
        assertThatThrownBy(() -> ask(http, url + "/quick"))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("certif");
        assertThat(versions).isEmpty();
    }
}
