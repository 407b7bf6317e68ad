package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.fleet.PeerAnswer;
import dev.muster.agent.scrape.fetch.Certificates;
import dev.muster.federation.tls.ClientAuth;
import dev.muster.federation.tls.TlsConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Calls from agent to agent over TLS. Each certificate is its own authority: who is trusted is
/// what stands in the file.
class AgentTlsTest {
    /// A first handshake loads and compiles much, and may have little of a processor.
    private static final int PATIENCE_MS = 20_000;

    @TempDir private static Path shared;
    private static Certificates one;
    private static Certificates two;
    private static Certificates stranger;

    private final Vertx vertx = Vertx.vertx();
    private Path trusted;

    @BeforeAll
    static void makeCertificates() throws IOException {
        one = Certificates.make(shared, "one", "dns:localhost,ip:127.0.0.1");
        two = Certificates.make(shared, "two", "dns:localhost,ip:127.0.0.1");
        stranger = Certificates.make(shared, "stranger", "dns:localhost,ip:127.0.0.1");
    }

    @BeforeEach
    void trustTwo() throws IOException {
        trusted = shared.resolve("trusted.crt");
        Files.writeString(trusted, Files.readString(one.cert()) + Files.readString(two.cert()));
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private AgentTls tls(Certificates own, Path ca, ClientAuth auth) {
        return AgentTls.open(
                new TlsConfig(
                        Optional.of(own.cert()),
                        Optional.of(own.key()),
                        Optional.of(ca),
                        auth,
                        Optional.empty()));
    }

    private AgentTls trustingOnly(Path ca) {
        return AgentTls.open(
                new TlsConfig(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(ca),
                        ClientAuth.NONE,
                        Optional.empty()));
    }

    private Router router(AgentTls tls) {
        Router router = Router.router(vertx);
        router.get("/*").handler(context -> context.end("answered"));
        CallerGate.before(router, tls.callers());
        return router;
    }

    private String serve(AgentTls tls) {
        HttpServer server =
                vertx.createHttpServer(
                                tls.server(new HttpServerOptions().setHost("127.0.0.1").setPort(0)))
                        .requestHandler(router(tls));
        server.listen().toCompletionStage().toCompletableFuture().join();
        return "https://127.0.0.1:" + server.actualPort();
    }

    private String call(AgentTls client, String url, String path) throws Exception {
        CompletableFuture<Optional<PeerAnswer>> answer = new CompletableFuture<>();
        try (PeerHttp peers = new PeerHttp(vertx, client, PATIENCE_MS)) {
            peers.call(url, path, Optional.empty(), Optional.empty(), answer::complete);
            return answer.get(2 * PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .map(got -> got.status() + " " + text(got.body()))
                    .orElse("none");
        }
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8).strip();
    }

    private static String metrics(AgentTls tls) {
        ExpositionWriter out = new ExpositionWriter();
        tls.writeMetrics(out);
        return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
    }

    @Test
    void answersHoldersOfACertificateAlone() throws Exception {
        AgentTls server = tls(one, trusted, ClientAuth.REQUIRED);
        String url = serve(server);
        await().until(
                        () -> call(tls(two, trusted, ClientAuth.NONE), url, "/metrics"),
                        "200 answered"::equals);
        AgentTls nameless = trustingOnly(trusted);
        assertThat(call(nameless, url, "/metrics"))
                .isEqualTo(
                        "403 a client certificate of the authority in muster.tls.ca-file must be"
                                + " shown: none");
        await().until(() -> call(nameless, url, "/-/healthy"), "200 answered"::equals);
        assertThat(call(tls(stranger, trusted, ClientAuth.NONE), url, "/metrics"))
                .isEqualTo("none");
        assertThat(call(tls(stranger, trusted, ClientAuth.NONE), url, "/-/healthy"))
                .isEqualTo("none");
        assertThat(metrics(server))
                .contains("muster_tls_requests_refused_total 1\n")
                .contains("muster_tls_certificates_refused_total{of=\"client\"} 2\n")
                .contains("muster_tls_certificate_expiry_timestamp_seconds{file=\"cert\"} ")
                .contains("muster_tls_certificate_expiry_timestamp_seconds{file=\"ca\"} ");
    }

    @Test
    void anAgentsCertificateAsksWhatAgentsAskAndNothingElse() throws Exception {
        Certificates peer =
                Certificates.make(
                        shared, "peer, OU=muster-agent, O=muster", "dns:localhost,ip:127.0.0.1");
        Path all = shared.resolve("all.crt");
        Files.writeString(all, Files.readString(trusted) + Files.readString(peer.cert()));
        AgentTls server = tls(one, all, ClientAuth.REQUIRED);
        String url = serve(server);
        AgentTls agent = tls(peer, all, ClientAuth.NONE);
        await().until(() -> call(agent, url, "/api/v1/directory"), "200 answered"::equals);
        for (String path : List.of("/api/v1/upness?format=log", "/api/v1/cell/hint", "/-/ready")) {
            assertThat(call(agent, url, path)).isEqualTo("200 answered");
        }
        for (String path : List.of("/metrics", "/api/v1/read", "/api/v1/cell/stream")) {
            assertThat(call(agent, url, path))
                    .isEqualTo("403 a certificate of OU=muster-agent must not be used for this");
        }
        assertThat(call(tls(two, all, ClientAuth.NONE), url, "/metrics")).isEqualTo("200 answered");
        assertThat(metrics(server)).contains("muster_tls_requests_of_agents_refused_total 3\n");
    }

    @Test
    void trustsServersOfItsAuthorityAlone() throws Exception {
        String url = serve(tls(stranger, trusted, ClientAuth.NONE));
        AgentTls client = tls(two, trusted, ClientAuth.NONE);
        assertThat(call(client, url, "/metrics")).isEqualTo("none");
        assertThat(metrics(client))
                .contains("muster_tls_certificates_refused_total{of=\"server\"} 1\n");
    }

    @Test
    void servesWithoutACertificateWhereItOnlyAsks() throws Exception {
        AgentTls server = tls(one, trusted, ClientAuth.REQUEST);
        String url = serve(server);
        await().until(() -> call(trustingOnly(trusted), url, "/metrics"), "200 answered"::equals);
        assertThat(call(tls(stranger, trusted, ClientAuth.NONE), url, "/metrics"))
                .isEqualTo("none");
        assertThat(metrics(server)).contains("muster_tls_requests_without_certificate_total 1\n");
    }

    @Test
    void takesRenewedFiles() throws Exception {
        Path cert = shared.resolve("own.crt");
        Path key = shared.resolve("own.key");
        Files.writeString(cert, Files.readString(stranger.cert()));
        Files.writeString(key, Files.readString(stranger.key()));
        AgentTls server = tls(new Certificates(cert, key), trusted, ClientAuth.REQUIRED);
        String url = serve(server);
        AgentTls client = tls(two, trusted, ClientAuth.NONE);
        assertThat(call(client, url, "/metrics")).isEqualTo("none");
        Files.writeString(cert, Files.readString(one.cert()));
        Files.writeString(key, Files.readString(one.key()));
        server.reload();
        await().until(() -> call(client, url, "/metrics"), "200 answered"::equals);
        assertThat(metrics(server)).contains("muster_tls_reloads_total 1\n");
    }

    @Test
    void processesOfTheHostNeedNone() throws Exception {
        AgentTls server = tls(one, trusted, ClientAuth.REQUIRED);
        try (LocalPort local = LocalPort.open(vertx, router(server), 0)) {
            AgentTls plain =
                    AgentTls.open(
                            new TlsConfig(
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    ClientAuth.NONE,
                                    Optional.empty()));
            await().until(
                            () -> call(plain, "http://127.0.0.1:" + local.port(), "/metrics"),
                            "200 answered"::equals);
            assertThat(metrics(plain)).isEmpty();
            assertThatThrownBy(() -> LocalPort.open(vertx, router(server), local.port()))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith("muster.tls.local-port must be free: port=");
        }
    }
}
