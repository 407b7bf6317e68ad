package dev.muster.query.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What each kind of receiver is told, byte by byte, kept in files. `-Dgolden.update=true` writes
/// them.
class GoldenPayloadTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("muster.root", ".."))
                    .resolve("src/test/resources/dev/muster/query/receivers");
    private static final List<String> SHOWN =
            List.of("Authorization", "Content-Type", "X-Amz-Date", "X-Extra");

    private static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "webhook",
                "slack",
                "pagerduty",
                "opsgenie",
                "msteams",
                "msteamsv2",
                "discord",
                "telegram",
                "mattermost",
                "pushover",
                "sns",
                "victorops",
                "webex",
                "wechat"
            })
    void isTold(String kind) throws Exception {
        try (WebServer server = new WebServer()) {
            if (kind.equals("wechat")) {
                server.answer(200, Map.of(), "{\"errcode\": 0, \"access_token\": \"tok\"}");
            }
            String yaml =
                    Files.readString(GOLDEN.resolve(kind + ".yml")).replace("URL", server.url());
            try (ReceiverBook book = Samples.book(yaml, GOLDEN, vertx, new SimpleMeterRegistry())) {
                StringBuilder told = new StringBuilder();
                for (Receiver receiver : book.receivers("team.ops")) {
                    for (Notification each : List.of(Samples.mixed(), Samples.resolved())) {
                        assertThat(receiver.deliver(each)).isEqualTo(Outcome.DELIVERED);
                    }
                }
                server.requests.forEach(request -> told.append(shown(request)));
                compare(kind + ".txt", told.toString().replace(server.url().substring(7), "HOST"));
            }
        }
    }

    private static String shown(WebServer.Request request) {
        StringBuilder text = new StringBuilder();
        text.append(request.method()).append(' ').append(request.path()).append('\n');
        for (String name : new TreeSet<>(SHOWN)) {
            String value = request.header(name);
            if (!value.isEmpty()) {
                // a signature covers the port, too, which is another one each time
                text.append(name)
                        .append(": ")
                        .append(value.replaceAll("Signature=.*", "Signature=…"))
                        .append('\n');
            }
        }
        String body =
                request.body().startsWith("{")
                        ? new JsonObject(request.body()).encodePrettily()
                        : request.body().replace("&", "\n&");
        return text.append('\n').append(body).append("\n\n").toString();
    }

    private static void compare(String name, String told) throws IOException {
        Path file = GOLDEN.resolve(name);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, told);
        }
        assertThat(told).isEqualTo(Files.readString(file));
    }
}
