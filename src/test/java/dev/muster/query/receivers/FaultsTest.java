package dev.muster.query.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.federation.tls.ClientAuth;
import dev.muster.federation.tls.Tls;
import dev.muster.federation.tls.TlsConfig;
import dev.muster.query.wire.Certificates;
import dev.muster.yaml.YamlException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultsTest {
    @TempDir static Path directory;
    private static Vertx vertx;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close();
    }

    private Outcome told(String url, String more) throws Exception {
        String yaml =
                """
                receivers:
                - name: a
                  webhook_configs:
                  - url: %s
                """
                                .formatted(url)
                        + more.indent(4);
        try (ReceiverBook book = Samples.book(yaml, directory, vertx, registry)) {
            return book.receivers("a").getFirst().deliver(Samples.firing());
        }
    }

    private double failures(String reason) {
        return registry.get("muster_receiver_failures").tag("reason", reason).counter().count();
    }

    @Test
    void whatTheServerIsAtFaultForIsTriedAgain() throws Exception {
        try (WebServer server = new WebServer()) {
            server.answer(500, Map.of(), "no\nspace");
            assertThat(told(server.url(), ""))
                    .isEqualTo(Outcome.retry("unexpected status code 500: no space"));
            assertThat(failures("serverError")).isEqualTo(1);
        }
    }

    @Test
    void whatIsWrongForGoodIsNot() throws Exception {
        try (WebServer server = new WebServer()) {
            server.answer(400, Map.of(), "");
            assertThat(told(server.url(), ""))
                    .isEqualTo(Outcome.rejected("unexpected status code 400"));
            assertThat(failures("clientError")).isEqualTo(1);
        }
    }

    @Test
    void aReceiverSaysHowLongItWantsToBeLeftAlone() throws Exception {
        try (WebServer server = new WebServer()) {
            server.answer(429, Map.of("Retry-After", "17"), "");
            assertThat(told(server.url(), ""))
                    .isEqualTo(Outcome.retry("unexpected status code 429", Duration.ofSeconds(17)));
            server.answer(503, Map.of("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"), "");
            assertThat(told(server.url(), ""))
                    .isEqualTo(Outcome.retry("unexpected status code 503"));
        }
    }

    @Test
    void oneThatHangsIsGivenUpInTime() throws Exception {
        try (WebServer server = new WebServer()) {
            server.answer(0, Map.of(), "");
            assertThat(told(server.url(), "timeout: 100ms"))
                    .isEqualTo(Outcome.retry("answer must come in time"));
            assertThat(failures("contextDeadlineExceeded")).isEqualTo(1);
        }
    }

    @Test
    void oneThatHangsTakesNoMoreThanItsPlaces() throws Exception {
        List<Thread> callers = new ArrayList<>();
        try (WebServer server = new WebServer()) {
            server.answer(0, Map.of(), "");
            String yaml =
                    "receivers:\n- name: a\n  webhook_configs:\n  - url: " + server.url() + "\n";
            try (ReceiverBook book = Samples.book(yaml, directory, vertx, registry)) {
                Receiver receiver = book.receivers("a").getFirst();
                for (int i = 0; i < 10; i++) {
                    callers.add(Thread.startVirtualThread(() -> deliver(receiver)));
                }
                await().until(() -> server.requests.size() == 8);
                await().until(() -> registry.get("muster_receiver_waiting").gauge().value() == 2);
                callers.forEach(Thread::interrupt);
                for (Thread caller : callers) {
                    caller.join();
                }
                assertThat(registry.get("muster_receiver_waiting").gauge().value()).isZero();
            }
        }
    }

    private static void deliver(Receiver receiver) {
        try {
            var _ = receiver.deliver(Samples.firing());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void oneThatBreaksTheConnectionIsTriedAgain() throws Exception {
        try (WebServer server = new WebServer()) {
            server.answer(-1, Map.of(), "");
            assertThat(told(server.url(), "")).isInstanceOf(Outcome.Retry.class);
        }
        assertThat(told("http://127.0.0.1:" + closedPort(), "")).isInstanceOf(Outcome.Retry.class);
        assertThat(failures("other")).isEqualTo(2);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void credentialsDoNotFollowToAnotherHost() throws Exception {
        try (WebServer server = new WebServer();
                WebServer other = new WebServer()) {
            server.answer(307, Map.of("Location", other.url() + "/there"), "");
            String auth = "http_config: {authorization: {credentials: secret}}";
            assertThat(told(server.url(), auth)).isEqualTo(Outcome.DELIVERED);
            assertThat(server.requests.getFirst().header("Authorization"))
                    .isEqualTo("Bearer secret");
            WebServer.Request second = other.requests.getFirst();
            assertThat(second.header("Authorization")).isEmpty();
            assertThat(second.method() + " " + second.path()).isEqualTo("POST /there");
            assertThat(second.body()).contains("\"groupKey\"");

            String stays = "http_config: {follow_redirects: false}";
            assertThat(told(server.url(), stays))
                    .isEqualTo(Outcome.rejected("unexpected status code 307"));
        }
    }

    @Test
    void aPrivateAuthorityIsTrustedWhereItIsNamed() throws Exception {
        Certificates own = Certificates.make(directory, "own", "dns:hooks.test,ip:127.0.0.1");
        Certificates other = Certificates.make(directory, "other", "dns:other.test");
        try (WebServer server = WebServer.tls(tls(own))) {
            assertThat(told(server.url(), "")).isInstanceOf(Outcome.Retry.class);
            assertThat(told(server.url(), ca("own"))).isEqualTo(Outcome.DELIVERED);
            assertThat(told(server.url(), ca("own, server_name: hooks.test")))
                    .isEqualTo(Outcome.DELIVERED);
            assertThat(told(server.url(), ca("own, server_name: else.test")))
                    .isInstanceOf(Outcome.Retry.class);
            assertThat(told(server.url(), ca("own, min_version: TLS13")))
                    .isEqualTo(Outcome.DELIVERED);
        }
        try (WebServer server = WebServer.tls(tls(other))) {
            assertThat(told(server.url(), ca("own"))).isInstanceOf(Outcome.Retry.class);
            assertThat(told(server.url(), ca("other"))).isInstanceOf(Outcome.Retry.class);
            assertThat(
                            told(
                                    server.url(),
                                    "http_config: {tls_config: {insecure_skip_verify: true}}"))
                    .isEqualTo(Outcome.DELIVERED);
        }
        assertThatThrownBy(() -> told("https://127.0.0.1:1", ca("missing")))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining("webhook_configs must be usable")
                .hasMessageContaining("missing.crt");
    }

    private static String ca(String text) {
        String name = text.contains(",") ? text.replaceFirst(",", ".crt,") : text + ".crt";
        return "http_config: {tls_config: {ca_file: " + name + "}}";
    }

    private static SSLContext tls(Certificates files) throws Exception {
        return Tls.open(
                        new TlsConfig(
                                Optional.of(files.cert()),
                                Optional.of(files.key()),
                                Optional.empty(),
                                ClientAuth.NONE,
                                Optional.empty()))
                .context();
    }

    @Test
    void aSecretInAFileIsReadEachTime() throws Exception {
        Path file = directory.resolve("hook");
        try (WebServer server = new WebServer()) {
            String yaml = "receivers:\n- name: a\n  webhook_configs:\n  - url_file: hook\n";
            try (ReceiverBook book = Samples.book(yaml, directory, vertx, registry)) {
                Receiver receiver = book.receivers("a").getFirst();
                assertThat(receiver.deliver(Samples.firing())).isInstanceOf(Outcome.Retry.class);
                Files.writeString(file, server.url() + "/one\n");
                assertThat(receiver.deliver(Samples.firing())).isEqualTo(Outcome.DELIVERED);
                Files.writeString(file, "htp:/wrong/token");
                assertThat(receiver.deliver(Samples.firing()))
                        .isEqualTo(
                                Outcome.retry(
                                        "IOException: url of the receiver must be one of http or"
                                                + " https"));
            }
            assertThat(server.requests.getFirst().path()).isEqualTo("/one");
        }
    }

    @Test
    void tokensAreHadOnceAndKept() throws Exception {
        try (WebServer server = new WebServer()) {
            server.answer(
                    200,
                    Map.of("Content-Type", "application/json"),
                    "{\"access_token\":\"abc\",\"expires_in\":3600}");
            String yaml =
                    """
                    receivers:
                    - name: a
                      webhook_configs:
                      - url: URL/hook
                        http_config:
                          oauth2:
                            client_id: me
                            client_secret: pw
                            token_url: URL/token
                            scopes: [alerts]
                    """
                            .replace("URL", server.url());
            try (ReceiverBook book = Samples.book(yaml, directory, vertx, registry)) {
                for (int i = 0; i < 2; i++) {
                    assertThat(book.receivers("a").getFirst().deliver(Samples.firing()))
                            .isEqualTo(Outcome.DELIVERED);
                }
            }
            assertThat(server.requests.stream().map(WebServer.Request::path))
                    .containsExactly("/token", "/hook", "/hook");
            assertThat(server.requests.getFirst().body())
                    .isEqualTo("grant_type=client_credentials&scope=alerts");
            assertThat(server.requests.getLast().header("Authorization")).isEqualTo("Bearer abc");
        }
    }

    @Test
    void requestsGoThroughTheProxy() throws Exception {
        try (WebServer proxy = new WebServer()) {
            String through = "http_config: {proxy_url: '" + proxy.url() + "'}";
            assertThat(told("http://hooks.example.org/x", through)).isEqualTo(Outcome.DELIVERED);
            assertThat(proxy.requests.getFirst().path()).isEqualTo("http://hooks.example.org/x");
        }
    }

    @Test
    void slackSaysNoInA200() throws Exception {
        try (WebServer server = new WebServer()) {
            String yaml =
                    "receivers:\n- name: a\n  slack_configs:\n  - api_url: " + server.url() + "\n";
            try (ReceiverBook book = Samples.book(yaml, directory, vertx, registry)) {
                Receiver slack = book.receivers("a").getFirst();
                assertThat(slack.sendResolved()).isFalse();
                assertThat(slack.deliver(Samples.resolved())).isEqualTo(Outcome.DELIVERED);
                assertThat(server.requests).isEmpty();
                server.answer(
                        200,
                        Map.of("Content-Type", "application/json; charset=utf-8"),
                        "{\"ok\":false,\"error\":\"channel_not_found\"}");
                assertThat(slack.deliver(Samples.firing()))
                        .isEqualTo(
                                Outcome.rejected("error response from Slack: channel_not_found"));
            }
        }
    }

    @Test
    void aTemplateThatFailsIsToldOf() throws IOException, InterruptedException {
        String yaml =
                "receivers:\n- name: a\n  discord_configs:\n  - webhook_url: http://127.0.0.1:1\n"
                        + "    title: '{{ .Nothing }}'\n";
        try (ReceiverBook book = Samples.book(yaml, directory, vertx, registry)) {
            assertThat(book.receivers("a").getFirst().deliver(Samples.firing()))
                    .isEqualTo(
                            Outcome.rejected(
                                    "template: :1:3: executing \"\" at <.Nothing>: can't evaluate"
                                            + " field Nothing in type *template.Data"));
        }
    }
}
