package dev.muster.agent.scrape.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.MisbehavingServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OAuthTokensTest {
    @TempDir private Path directory;
    private Fetching fetching;
    private MisbehavingServer target;
    private MisbehavingServer issuer;
    private final AtomicInteger issued = new AtomicInteger();

    @BeforeEach
    void start() throws IOException {
        fetching = new Fetching(directory);
        target = new MisbehavingServer(MisbehavingServer.ok("a 1\n"));
        issuer = new MisbehavingServer((_, out) -> out.write(token(3_600)));
        Files.writeString(directory.resolve("secret"), "topsecret\n");
    }

    @AfterEach
    void stop() throws IOException {
        fetching.close();
        target.close();
        issuer.close();
    }

    private byte[] token(int seconds) throws IOException {
        return json(
                "200 OK",
                "{\"access_token\":\"t"
                        + issued.incrementAndGet()
                        + "\",\"token_type\":\"bearer\",\"expires_in\":"
                        + seconds
                        + "}");
    }

    private static byte[] json(String status, String text) throws IOException {
        return MisbehavingServer.response(
                status, "Content-Type: application/json\r\n", text.getBytes(UTF_8));
    }

    private String settings() {
        return """
        oauth2:
          client_id: me
          client_secret_file: secret
          token_url: http://%s/token
          scopes: [read, write]
          endpoint_params: {audience: a b}
        """
                .formatted(issuer.address());
    }

    private String url() {
        return "http://" + target.address() + "/metrics";
    }

    private String metric(String name) {
        ExpositionWriter out = new ExpositionWriter();
        fetching.http.metrics().write(out);
        return new String(out.bytes(), 0, out.size(), UTF_8)
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElse("absent");
    }

    @Test
    void keepsATokenForAllFetches() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(fetching.text(settings(), url())).isEqualTo("a 1\n");
        }
        assertThat(issuer.requests()).hasSize(1);
        assertThat(issuer.requests().getFirst())
                .startsWith("POST /token ")
                .containsIgnoringCase("authorization: " + AccessReader.basic("me", "topsecret"));
        assertThat(target.requests()).hasSize(3).allMatch(r -> r.contains("Bearer t1"));
    }

    @Test
    void asksAgainShortlyBeforeATokenEnds() throws IOException {
        issuer.answer((_, out) -> out.write(token(1)));
        BodySource source = fetching.source(settings(), url());
        Fetching.fetch(source);
        org.awaitility.Awaitility.await()
                .until(() -> {
                    Fetching.fetch(source);
                    return issuer.requests().size() > 1;
                });
        assertThat(target.requests().getLast()).contains("Bearer t2");
    }

    @Test
    void asksAgainWhenATokenIsRefused() throws IOException {
        BodySource source = fetching.source(settings(), url());
        target.answer((_, out) ->
                out.write(MisbehavingServer.response("401 Unauthorized", "", new byte[0])));
        assertThat(fetching.text(Fetching.fetch(source))).contains("http status=401");
        target.answer(MisbehavingServer.ok("a 1\n"));
        assertThat(fetching.text(Fetching.fetch(source))).isEqualTo("a 1\n");
        assertThat(target.requests().getLast()).contains("Bearer t2");
    }

    @Test
    void asksAFailingServerThreeTimesAndThenRests() throws IOException {
        issuer.answer((_, out) -> out.write(json("503 Busy", "{\"error\":\"overloaded\"}")));
        String reason =
                "CREDENTIALS oauth2: token endpoint must answer with status 200: status=503,"
                        + " error=overloaded";
        BodySource source = fetching.source(settings(), url());
        assertThat(fetching.text(Fetching.fetch(source))).isEqualTo(reason);
        assertThat(fetching.text(Fetching.fetch(source))).isEqualTo(reason);
        assertThat(issuer.requests()).hasSize(3);
        assertThat(target.requests()).isEmpty();
        assertThat(metric("muster_oauth2_retries_total")).endsWith(" 2");
        assertThat(metric("muster_oauth2_failures_total")).endsWith(" 1");
    }

    @Test
    void showsItsSecretInTheBodyWhereTheHeaderIsRefused() throws IOException {
        issuer.answer((request, out) ->
                out.write(
                        request.toLowerCase(Locale.ROOT).contains("authorization: basic")
                                ? json("401 Unauthorized", "{\"error\":\"invalid_client\"}")
                                : token(60)));
        assertThat(fetching.text(settings(), url())).isEqualTo("a 1\n");
        assertThat(issuer.requests()).hasSize(2);
    }

    @Test
    void refusesAnswersWithoutAToken() throws IOException {
        issuer.answer((_, out) -> out.write(json("200 OK", "{\"token\":\"topsecret\"}")));
        assertThat(fetching.text(settings(), url()))
                .isEqualTo("CREDENTIALS oauth2: answer must have an access_token: found=none");
        assertThat(target.requests()).isEmpty();
    }

    @Test
    void saysThatNoServerIsThere() throws IOException {
        String settings = settings();
        issuer.close();
        assertThat(fetching.text(settings, url()))
                .isEqualTo("CREDENTIALS oauth2: connection refused");
    }
}
