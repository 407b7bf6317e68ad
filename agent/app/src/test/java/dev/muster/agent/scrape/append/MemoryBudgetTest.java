package dev.muster.agent.scrape.append;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.FakeSink;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SampleAppender;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final long LIMIT = 4_000_000;

    /// What the store takes for a series in these tests.
    private static final long SERIES_BYTES = 300;

    private final FakeSink sink = new FakeSink();
    private long nanos;
    private long forgotten;
    private final MemoryBudget budget =
            new MemoryBudget(
                    LIMIT,
                    () ->
                            new StoreUse(
                                    (sink.seriesCreated() - forgotten) * SERIES_BYTES, forgotten),
                    () -> nanos);
    private final AppendMetrics metrics = new AppendMetrics();

    private TargetAppender appender(SampleAppender out) {
        return appender(out, "guilty", ScrapeLimits.NONE);
    }

    private TargetAppender appender(String job, ScrapeLimits limits) {
        return appender(sink.appender(job), job, limits);
    }

    private TargetAppender appender(SampleAppender out, String job, ScrapeLimits limits) {
        return new TargetAppender(
                out,
                new AppendRules(
                        Labels.of("job", job, "instance", "h:1"),
                        Map.of(),
                        limits,
                        SeriesRules.DEFAULT,
                        ScrapeFormats.DEFAULT,
                        1_000),
                new AppendContext(metrics, budget, () -> nanos, 42));
    }

    private final TargetAppender guilty = appender("guilty", ScrapeLimits.NONE);
    private long tickMs;

    private ScrapeOutcome scrape(TargetAppender appender, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        ScrapeBody scraped = new ScrapeBody(ExpositionFormat.PROMETHEUS_TEXT, bytes, bytes.length);
        return appender.append(tickMs, scraped, 0);
    }

    private void tick() {
        tickMs += 1_000;
        nanos += 1_000_000_000L;
    }

    private static String lines(int from, int to, IntFunction<String> line) {
        return IntStream.range(from, to).mapToObj(line).collect(Collectors.joining());
    }

    private static String users(int from, int to) {
        return lines(from, to, i -> "requests{path=\"/p" + i % 7 + "\",user=\"u" + i + "\"} 1\n");
    }

    /// Ten thousand new series at each scrape, until nothing more is admitted.
    private int explode(int scrapes) {
        int user = 0;
        for (int i = 0; i < scrapes; i++) {
            tick();
            ScrapeOutcome outcome = scrape(guilty, "old 1\n" + users(user, user + 10_000));
            assertThat(outcome.up()).isTrue();
            user += 10_000;
        }
        return user;
    }

    @Test
    void foldsNewSeriesOfTheMetricThatExplodes() {
        tick();
        scrape(guilty, "old 1\n");
        explode(20);
        assertThat(sink.seriesCreated()).isLessThan((int) (LIMIT / SERIES_BYTES));
        assertThat(budget.usedBytes()).isLessThanOrEqualTo(LIMIT);
        List<String> counts =
                sink.samples(
                        Labels.of(
                                "__name__",
                                "requests",
                                "__overflow__",
                                "true",
                                "job",
                                "guilty",
                                "instance",
                                "h:1"));
        assertThat(counts).last().isEqualTo(tickMs + "=10000.0");
        assertThat(sink.samples("old")).as("no gap").hasSize(21);
        assertThat(sink.samples("up")).allMatch(sample -> sample.endsWith("=1.0"));
    }

    @Test
    void namesTheMetricAndTheLabel() {
        explode(10);
        FoldedMetric folded = budget.folding().getFirst();
        assertThat(folded.metric()).isEqualTo("requests");
        assertThat(folded.culprit()).isEqualTo("user");
        assertThat(folded.series()).isEqualTo(10_000);
        assertThat(folded.culpritValues()).isBetween(5_000L, 200_000L);
        assertThat(folded.target().valueOf("job")).isEqualTo("guilty");
        assertThat(folded.examples()).hasSize(3);
        ExpositionWriter out = new ExpositionWriter();
        budget.write(out);
        assertThat(new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8))
                .contains(
                        "muster_scrape_folded_series{metric=\"requests\",label=\"user\","
                                + "job=\"guilty\",instance=\"h:1\"} 10000");
    }

    @Test
    void answersForAMetricThatFolds() {
        explode(10);
        SeriesAccount requests =
                guilty.account(
                        new AccountQuestion(
                                List.of(LabelMatcher.equal("__name__", "requests")), 3));
        assertThat(requests.series(SeriesFate.FOLDED)).isEqualTo(10_000);
        assertThat(requests.folded()).hasSize(1);
        SeriesAccount old =
                guilty.account(
                        new AccountQuestion(List.of(LabelMatcher.equal("__name__", "old")), 3));
        assertThat(old.series(SeriesFate.FOLDED)).isZero();
        assertThat(old.folded()).isEmpty();
    }

    @Test
    void leavesRoomForOtherMetricsAndOtherTargets() {
        explode(10);
        tick();
        scrape(guilty, "old 1\n" + lines(0, 30, i -> "other{x=\"" + i + "\"} 1\n"));
        assertThat(sink.series("other")).hasSize(30);
        TargetAppender deployed = appender("deployed", ScrapeLimits.NONE);
        ScrapeOutcome outcome =
                scrape(deployed, lines(0, 1_000, i -> "m" + i % 20 + "{x=\"" + i + "\"} 1\n"));
        assertThat(outcome.samplesFolded()).isZero();
        assertThat(outcome.seriesAdded()).isEqualTo(1_000);
    }

    @Test
    void boundsMetricNamesThatExplode() {
        for (int i = 0; i < 20; i++) {
            int from = i * 5_000;
            tick();
            scrape(guilty, "old 1\n" + lines(from, from + 5_000, n -> "m" + n + " 1\n"));
        }
        assertThat(budget.usedBytes()).isLessThanOrEqualTo(LIMIT);
        assertThat(budget.folding()).hasSizeLessThanOrEqualTo(17);
        FoldedMetric others =
                budget.folding().stream()
                        .filter(f -> f.metric().equals(FoldedMetric.OTHERS))
                        .findFirst()
                        .orElseThrow();
        assertThat(others.culprit()).isEqualTo("__name__");
        assertThat(sink.samples("old")).hasSize(20);
    }

    @Test
    void endsTheCountWithAMarker() {
        explode(10);
        tick();
        scrape(guilty, "old 1\n");
        assertThat(sink.samples("scrape_series_added")).last().isEqualTo(tickMs + "=0.0");
        Labels count = budgetCount();
        assertThat(sink.samples(count)).last().isEqualTo(tickMs + "=stale");
        tick();
        guilty.fail(tickMs, "connection refused", 0);
        assertThat(sink.samples(count)).last().isEqualTo((tickMs - 1_000) + "=stale");
    }

    private Labels budgetCount() {
        return sink.series("requests").stream()
                .filter(labels -> labels.valueOf(FoldedMetric.OVERFLOW).equals("true"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void admitsAgainWhenTheStoreHasForgotten() {
        int user = explode(10);
        long created = sink.seriesCreated();
        forgotten = created - 20;
        tick();
        scrape(guilty, "old 1\n");
        tick();
        ScrapeOutcome outcome = scrape(guilty, "old 1\n" + users(user, user + 1_000));
        assertThat(outcome.samplesFolded()).isZero();
        assertThat(outcome.seriesAdded()).isEqualTo(1_000);
        assertThat(budget.usedBytes()).isLessThan(LIMIT / 4);
    }

    /// After a restart the cache is empty and the budget used up, but the store knows the series.
    @Test
    void goesOnWithSeriesThatTheStoreHolds() {
        tick();
        scrape(guilty, users(0, 3_000));
        long created = sink.seriesCreated();
        guilty.close();
        forgotten = created - LIMIT / SERIES_BYTES;
        tick();
        TargetAppender restarted = appender("guilty", ScrapeLimits.NONE);
        ScrapeOutcome outcome = scrape(restarted, users(0, 3_000) + users(5_000, 8_000));
        assertThat(outcome.samplesFolded()).isEqualTo(3_000);
        assertThat(sink.seriesCreated()).isEqualTo(created + 1);
        assertThat(restarted.seriesCount()).isEqualTo(3_000);
    }

    /// A reload puts another appender in the place of this one: neither counts nor series break
    /// off.
    @Test
    void goesOnAfterAReload() {
        int user = explode(10);
        TargetAppender successor = appender(guilty.out());
        successor.inherit(guilty);
        tick();
        ScrapeOutcome outcome = scrape(successor, "old 1\n" + users(user, user + 10_000));
        assertThat(outcome.samplesFolded()).isGreaterThan(9_000);
        assertThat(sink.samples(budgetCount()))
                .last()
                .isEqualTo(tickMs + "=" + (double) outcome.samplesFolded());
        assertThat(sink.samples("old")).hasSize(11).noneMatch(s -> s.endsWith("stale"));
    }

    @Test
    void remembersFewKeysOfDroppedSeries() {
        explode(10);
        TargetAppender dropping =
                new TargetAppender(
                        sink.appender("dropping"),
                        new AppendRules(
                                Labels.of("job", "dropping"),
                                Map.of(),
                                ScrapeLimits.NONE,
                                new SeriesRules(
                                        false,
                                        true,
                                        false,
                                        List.of(Rules.drop("__name__", "requests"))),
                                ScrapeFormats.DEFAULT,
                                1_000),
                        new AppendContext(metrics, budget, () -> nanos, 42));
        ScrapeOutcome outcome = scrape(dropping, users(0, 5_000));
        assertThat(outcome.samplesKept()).isZero();
        assertThat(dropping.seriesCount()).isZero();
        assertThat(budget.folding()).hasSize(1);
    }

    @Test
    void holdsFoldedSamplesToTheSampleLimit() {
        TargetAppender limited = appender("limited", new ScrapeLimits(0, 9_000, 0, 0, 0, 0));
        explode(10);
        assertThat(scrape(limited, users(0, 10_000)).reason())
                .isEqualTo("sample_limit exceeded: limit=9000, found=10000");
    }

    @Test
    void releasesWhatARemovedTargetHad() {
        explode(10);
        guilty.end(tickMs + 500);
        guilty.close();
        assertThat(budget.folding()).isEmpty();
    }
}
