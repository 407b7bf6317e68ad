package dev.muster.agent.push;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.exposition.EncodedBody;
import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.FamilyEncoder;
import dev.muster.agent.scrape.FakeSink;
import dev.muster.agent.scrape.ManualTimers;
import dev.muster.agent.scrape.ScrapeSetup;
import dev.muster.agent.scrape.Scraper;
import dev.muster.agent.scrape.append.MemoryBudget;
import dev.muster.agent.scrape.append.StoreUse;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.fetch.BodyPool;
import dev.muster.agent.scrape.fetch.FetchMetrics;
import dev.muster.agent.scrape.file.ScrapeDefaults;
import dev.muster.agent.scrape.job.KubernetesScope;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.sd.NoRequests;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushedTargetsTest {
    private static final ScrapeTiming SECOND =
            new ScrapeTiming(Duration.ofSeconds(1), Duration.ofSeconds(1));

    @TempDir Path directory;

    private final ManualTimers time = new ManualTimers(1_800_000_000_000L);
    private final FakeSink sink = new FakeSink();
    private PushStore store;
    private Scraper scraper;

    @BeforeEach
    void start() throws IOException {
        store = new PushStore(directory, new PushLimits(100, 1 << 20, 0), time);
        PushedTargets targets = new PushedTargets(store);
        scraper =
                new Scraper(
                        new ScrapeSetup(
                                Optional.empty(),
                                new ScrapeDefaults(SECOND, ScrapeLimits.NONE),
                                Map.of("host", "here"),
                                List.of(
                                        ScrapeJob.ofKept(
                                                PushedTargets.JOB,
                                                "/metrics",
                                                targets,
                                                SECOND,
                                                ScrapeLimits.NONE)),
                                sink,
                                target ->
                                        targets.source(((Endpoint.Kept) target.endpoint()).path()),
                                new NoRequests(),
                                new KubernetesScope(Optional.empty(), false),
                                new BodyPool(1 << 20),
                                new FetchMetrics(),
                                new MemoryBudget(1 << 30, () -> new StoreUse(0, 0), time::nanoTime),
                                time,
                                time,
                                time::nanoTime,
                                1));
        scraper.start();
    }

    @AfterEach
    void stop() throws IOException {
        scraper.close();
        store.close();
    }

    private void push(String path, String text) throws PushException, ExpositionException {
        byte[] bytes = text.getBytes(UTF_8);
        GroupKey key = GroupPath.parse(path);
        EncodedBody body =
                FamilyEncoder.encode(
                        ExpositionFormat.PROMETHEUS_TEXT,
                        bytes,
                        bytes.length,
                        key.labels(),
                        1 << 20);
        store.push(key, true, body, OptionalLong.of(10_000));
    }

    /// Lets ticks pass until it holds.
    private void tickUntil(org.awaitility.core.ThrowingRunnable holds) {
        await().untilAsserted(() -> {
            time.advance(1_000);
            store.expire();
            scraper.poll();
            holds.run();
        });
    }

    @Test
    void groupsAreScrapedUnderTheirLabelsUntilTheyGo() throws Exception {
        push("/metrics/job/backup/instance/db-1", "size_bytes{disk=\"a\"} 5\n");
        push("/metrics/job/plain", "size_bytes{job=\"other\",instance=\"x\"} 6\n");
        tickUntil(() -> assertThat(sink.series("size_bytes")).hasSize(2));
        assertThat(sink.series("size_bytes"))
                .extracting(Object::toString)
                .containsExactly(
                        "size_bytes{disk=\"a\", host=\"here\", instance=\"db-1\", job=\"backup\"}",
                        "size_bytes{host=\"here\", instance=\"x\", job=\"plain\"}");
        assertThat(sink.series("push_time_seconds"))
                .extracting(Object::toString)
                .containsExactly(
                        "push_time_seconds{host=\"here\", instance=\"db-1\", job=\"backup\"}",
                        "push_time_seconds{host=\"here\", job=\"plain\"}");
        assertThat(sink.series("up")).isEmpty();
        store.delete(GroupPath.parse("/metrics/job/backup/instance/db-1"));
        tickUntil(() ->
                assertThat(sink.samples(sink.series("size_bytes").getFirst()).getLast())
                        .endsWith("stale"));
        // the other by the end of its time
        tickUntil(() ->
                assertThat(sink.samples(sink.series("size_bytes").getLast()).getLast())
                        .endsWith("stale"));
        assertThat(scraper.targets()).isEmpty();
    }
}
