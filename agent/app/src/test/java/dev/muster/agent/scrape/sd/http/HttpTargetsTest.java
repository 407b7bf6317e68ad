package dev.muster.agent.scrape.sd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.sd.DiscoveryBench;
import dev.muster.agent.scrape.sd.FakeApi;
import dev.muster.model.labels.Labels;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpTargetsTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final DiscoveryBench bench = new DiscoveryBench();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final FakeApi api = FakeApi.start(this::answer);
    private volatile String body = "[]";
    private volatile String type = "application/json; charset=utf-8";
    private volatile int status = 200;

    private void answer(HttpServerRequest request) {
        asked.add(
                request.uri()
                        + " "
                        + request.getHeader("X-Prometheus-Refresh-Interval-Seconds")
                        + " "
                        + request.getHeader("Accept")
                        + " "
                        + request.getHeader("Authorization"));
        request.response().setStatusCode(status).putHeader("Content-Type", type).end(body);
    }

    @AfterEach
    void close() {
        api.close();
    }

    private Discovery open() {
        HttpAccess access =
                HttpAccess.DEFAULT.withCredentials(
                        new Credentials.Token("Bearer", new Secret.Text("t")));
        return new HttpTargets(URI.create(api.uri() + "/sd?env=prod"), access, INTERVAL)
                .open(bench.context(api.requests()));
    }

    @Test
    void takesGroups() {
        body =
                """
                [{"targets": ["a:1", "b:2"], "labels": {"env": "prod", "empty": ""}},
                 {"targets": ["c:3"]}]\
                """;
        try (Discovery discovery = open()) {
            String url = api.uri() + "/sd?env=prod";
            assertThat(DiscoveryBench.targets(discovery))
                    .containsExactly(
                            Labels.of("__address__", "a:1", "__meta_url", url, "env", "prod"),
                            Labels.of("__address__", "b:2", "__meta_url", url, "env", "prod"),
                            Labels.of("__address__", "c:3", "__meta_url", url));
            assertThat(discovery.state().groups().get(1).source()).isEqualTo(url + ":1");
        }
        assertThat(asked).containsExactly("/sd?env=prod 30 application/json Bearer t");
        assertThat(bench.changes).hasValue(1);
    }

    @Test
    void keepsTheLastTargetsUntilAnAnswerIsRight() {
        body = "[{\"targets\": [\"a:1\"]}]";
        try (Discovery discovery = open()) {
            assertThat(DiscoveryBench.groups(discovery)).hasSize(1);
            status = 503;
            DiscoveryState failed =
                    bench.next(discovery, INTERVAL, state -> !state.error().isEmpty());
            assertThat(failed.groups()).hasSize(1);
            assertThat(failed.error()).endsWith("status must be 200: found=503");
            status = 200;
            body = "[]";
            bench.next(discovery, INTERVAL, state -> state.error().isEmpty());
            assertThat(discovery.state().groups()).isEmpty();
        }
    }

    @Test
    void tellsOfNoChangeWhereThereIsNone() {
        body = "[{\"targets\": [\"a:1\"]}]";
        try (Discovery discovery = open()) {
            long first = DiscoveryBench.until(discovery, s -> s.updatedMs() > 0).updatedMs();
            bench.next(discovery, INTERVAL, state -> state.updatedMs() > first);
        }
        assertThat(bench.changes).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|must be a list: found=object",
                "[1]|must be an object: found=Integer",
                "[{\"targets\": \"a\"}]|targets must be a list: found=String",
                "[{\"targets\": [1]}]|must be text: found=Integer",
                "[{\"labels\": {\"a\": 1}}]|labels.a must be text: found=Integer",
                "[|must be JSON"
            })
    void refusesWhatIsNoListOfGroups(String wrong, String reason) {
        body = wrong;
        try (Discovery discovery = open()) {
            assertThat(DiscoveryBench.until(discovery, s -> !s.error().isEmpty()).error())
                    .contains(reason);
        }
    }

    @Test
    void refusesOtherContentAndDeepNesting() {
        type = "text/html";
        try (Discovery discovery = open()) {
            assertThat(DiscoveryBench.until(discovery, s -> !s.error().isEmpty()).error())
                    .endsWith("content type must be application/json: found=text/html");
        }
        type = "application/json";
        body = "[".repeat(100_000);
        try (Discovery discovery = open()) {
            assertThat(DiscoveryBench.until(discovery, s -> !s.error().isEmpty()).error())
                    .endsWith("must be nested at most 64 deep: offsetBytes=64");
        }
    }

    @Test
    void refusesMoreThanItsLimits() {
        StringBuilder many = new StringBuilder("[");
        for (int i = 0; i < 20_001; i++) {
            many.append(i == 0 ? "{\"targets\": [" : ",").append("\"h:").append(i).append('"');
        }
        body = many.append("]}]").toString();
        try (Discovery discovery = open()) {
            assertThat(DiscoveryBench.until(discovery, s -> !s.error().isEmpty()).error())
                    .isEqualTo("discovery must find at most 20000 targets: found=20001");
        }
    }

    @Test
    void refusesAddressesThatAreNone() {
        assertThatThrownBy(() ->
                        new HttpTargets(URI.create("ftp://x/y"), HttpAccess.DEFAULT, INTERVAL))
                .hasMessage("url must be an http or https address with a host: found=ftp://x/y");
    }
}
