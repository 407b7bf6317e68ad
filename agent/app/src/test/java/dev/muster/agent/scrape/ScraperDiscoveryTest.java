package dev.muster.agent.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.scrape.append.MemoryBudget;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.fetch.BodyPool;
import dev.muster.agent.scrape.fetch.HttpSources;
import dev.muster.agent.scrape.file.ScrapeDefaults;
import dev.muster.agent.scrape.job.KubernetesScope;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.sd.FakeApi;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The scraper with targets that a server names, from the question to the samples.
class ScraperDiscoveryTest {
    @TempDir private Path directory;

    private final ManualTimers time = new ManualTimers(1_800_000_000_000L);
    private final FakeSink sink = new FakeSink();
    private final BodyPool pool = new BodyPool(8 << 20);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger scraped = new AtomicInteger();
    private final FakeApi api = FakeApi.start(this::answer);
    private final HttpSources http = new HttpSources(api.vertx(), pool);
    private volatile List<String> targets = List.of("a", "b");
    private Path file;
    private Scraper scraper;

    private void answer(HttpServerRequest request) {
        if ("/sd".equals(request.path())) {
            asked.incrementAndGet();
            StringBuilder groups = new StringBuilder("[{\"targets\": [], \"labels\": {}}");
            for (String name : targets) {
                groups.append(",{\"targets\": [\"")
                        .append(api.uri().getAuthority())
                        .append("\"], \"labels\": {\"instance\": \"")
                        .append(name)
                        .append("\"}}");
            }
            FakeApi.json(request, groups.append(']').toString());
        } else {
            scraped.incrementAndGet();
            request.response().putHeader("Content-Type", "text/plain; version=0.0.4").end("m 1\n");
        }
    }

    private String config(String before) {
        return """
        %sscrape_configs:
        - job_name: web
          http_sd_configs:
          - url: %s/sd
            refresh_interval: 30s
          relabel_configs:
          - source_labels: [instance]
            regex: hidden
            action: drop
        """
                .formatted(before, api.uri());
    }

    @BeforeEach
    void start() throws IOException {
        file = Files.writeString(directory.resolve("p.yml"), config(""));
        Duration second = Duration.ofSeconds(1);
        scraper =
                new Scraper(
                        new ScrapeSetup(
                                Optional.of(file),
                                new ScrapeDefaults(
                                        new ScrapeTiming(second, second), ScrapeLimits.NONE),
                                Map.of(),
                                List.of(),
                                sink,
                                target -> http.of(target, (Endpoint.Http) target.endpoint()),
                                api.requests(),
                                new KubernetesScope(Optional.empty(), false),
                                pool,
                                http.metrics(),
                                MemoryBudget.unlimited(),
                                time,
                                time,
                                time::nanoTime,
                                1));
        scraper.start();
    }

    @AfterEach
    void stop() {
        scraper.close();
        http.close();
        api.close();
    }

    private List<String> instances() {
        return scraper.targets().stream().map(status -> status.target().instance()).toList();
    }

    private void untilInstances(long stepMs, String... names) {
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    time.advance(stepMs);
                    return instances().equals(List.of(names));
                });
    }

    @Test
    void appliesWhatIsFoundWithoutAPoll() {
        untilInstances(10, "a", "b");
        Target target = scraper.targets().getFirst().target();
        assertThat(target.origin().kind()).isEqualTo("http");
        assertThat(target.origin().place()).hasToString(file + ":4");
        assertThat(target.origin().source()).isEqualTo(api.uri() + "/sd:1");
        targets = List.of("b", "c", "hidden");
        untilInstances(30_000, "b", "c");
        assertThat(scraper.found().dropped())
                .extracting(dropped -> dropped.rule() + " " + dropped.rulePlace())
                .containsExactly("0 " + file + ":7");
    }

    @Test
    void reloadsWithoutAskingAgainAndWithoutLosingATick() throws IOException {
        untilInstances(10, "a", "b");
        int before = asked.get();
        int ticks = scraped.get();
        for (int i = 1; i <= 5; i++) {
            Files.writeString(file, config("# line\n".repeat(i)));
            scraper.reload();
            assertThat(instances()).containsExactly("a", "b");
            time.advance(1_000);
            int least = ticks + 2 * i;
            await().until(() -> scraped.get() >= least);
            await().until(() ->
                    scraper.targets().stream()
                            .allMatch(status ->
                                    status.last().isPresent()
                                            && status.last().get().tickMs()
                                                    > time.millis() - 2_000));
        }
        assertThat(asked).hasValue(before);
        assertThat(scraper.targets().getFirst().target().origin().place()).hasToString(file + ":9");
    }

    @Test
    void keepsTargetsWhenTheSettingsOfTheirDiscoveryChange() throws IOException {
        untilInstances(10, "a", "b");
        Files.writeString(file, config("").replace("30s", "20s"));
        scraper.reload();
        assertThat(instances()).containsExactly("a", "b");
    }
}
