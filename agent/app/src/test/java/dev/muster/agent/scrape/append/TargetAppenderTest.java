package dev.muster.agent.scrape.append;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.scrape.FakeSink;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.agent.scrape.relabel.RelabelAction;
import dev.muster.agent.scrape.relabel.RelabelPattern;
import dev.muster.agent.scrape.relabel.RelabelRule;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricType;
import dev.muster.model.series.SampleAppender;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetAppenderTest {
    private static final Labels TARGET = Labels.of("job", "web", "instance", "h:1");
    private static final Map<String, String> EXTERNAL = Map.of("cell", "c", "host", "h");

    private final FakeSink sink = new FakeSink();
    private final AppendMetrics metrics = new AppendMetrics();
    private final SampleAppender out = sink.appender("web");

    private TargetAppender appender(ScrapeLimits limits, SeriesRules rules) {
        return new TargetAppender(
                out,
                new AppendRules(TARGET, EXTERNAL, limits, rules, ScrapeFormats.DEFAULT, 1_000),
                new AppendContext(metrics, MemoryBudget.unlimited(), () -> 0, 42));
    }

    private final TargetAppender plain = appender(ScrapeLimits.NONE, SeriesRules.DEFAULT);

    private static ScrapeOutcome scrape(TargetAppender appender, long tickMs, String body) {
        return scrape(appender, tickMs, ExpositionFormat.PROMETHEUS_TEXT, body);
    }

    private static ScrapeOutcome scrape(
            TargetAppender appender, long tickMs, ExpositionFormat format, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return appender.append(tickMs, new ScrapeBody(format, bytes, bytes.length), 0);
    }

    @Test
    void addsTargetAndExternalLabels() {
        scrape(plain, 1000, "# TYPE a counter\n# HELP a Some help.\na{x=\"1\"} 5\n");
        Labels expected =
                Labels.of(
                        "__name__",
                        "a",
                        "x",
                        "1",
                        "job",
                        "web",
                        "instance",
                        "h:1",
                        "cell",
                        "c",
                        "host",
                        "h");
        assertThat(sink.series("a")).containsExactly(expected);
        assertThat(sink.samples("a")).containsExactly("1000=5.0");
        assertThat(sink.metadata(expected).type()).isEqualTo(MetricType.COUNTER);
        assertThat(sink.metadata(expected).help()).isEqualTo("Some help.");
    }

    @Test
    void reportsEveryScrape() {
        scrape(plain, 1000, "a 1\nb 2\n");
        scrape(plain, 2000, "a 1\nb 2\nc 3\n");
        assertThat(sink.samples("up")).containsExactly("1000=1.0", "2000=1.0");
        assertThat(sink.samples("scrape_samples_scraped")).containsExactly("1000=2.0", "2000=3.0");
        assertThat(sink.samples("scrape_samples_post_metric_relabeling"))
                .containsExactly("1000=2.0", "2000=3.0");
        assertThat(sink.samples("scrape_series_added")).containsExactly("1000=2.0", "2000=1.0");
        assertThat(sink.samples("scrape_duration_seconds")).hasSize(2);
    }

    @Test
    void renamesScrapedLabelsThatTheTargetHas() {
        scrape(plain, 1000, "a{job=\"mine\",exported_job=\"older\"} 1\n");
        assertThat(sink.series("a").getFirst().valueOf("job")).isEqualTo("web");
        assertThat(sink.series("a").getFirst().valueOf("exported_exported_job")).isEqualTo("mine");
        assertThat(sink.series("a").getFirst().valueOf("exported_job")).isEqualTo("older");
    }

    @Test
    void honoursScrapedLabelsWhenTold() {
        TargetAppender honouring =
                appender(ScrapeLimits.NONE, new SeriesRules(true, true, false, List.of()));
        scrape(honouring, 1000, "a{job=\"mine\"} 1\n");
        assertThat(sink.series("a").getFirst().valueOf("job")).isEqualTo("mine");
        assertThat(sink.series("a").getFirst().valueOf("instance")).isEqualTo("h:1");
    }

    @Test
    void keepsScrapedCellAndHost() {
        scrape(plain, 1000, "a{host=\"other\"} 1\n");
        assertThat(sink.series("a").getFirst().valueOf("host")).isEqualTo("other");
        assertThat(sink.series("a").getFirst().valueOf("cell")).isEqualTo("c");
    }

    @Test
    void marksSeriesThatVanish() {
        scrape(plain, 1000, "a 1\nb 2\n");
        scrape(plain, 2000, "b 3\n");
        scrape(plain, 3000, "b 4\n");
        assertThat(sink.samples("a")).containsExactly("1000=1.0", "2000=stale");
        assertThat(sink.samples("b")).containsExactly("1000=2.0", "2000=3.0", "3000=4.0");
    }

    @Test
    void countsAndStoresSeriesThatComeBack() {
        scrape(plain, 1000, "a 1\nb 2\n");
        scrape(plain, 2000, "b 3\n");
        scrape(plain, 3000, "a 4\nb 4\n");
        assertThat(sink.samples("a")).containsExactly("1000=1.0", "2000=stale", "3000=4.0");
        assertThat(sink.samples("scrape_series_added"))
                .containsExactly("1000=2.0", "2000=0.0", "3000=1.0");
    }

    @Test
    void marksAllSeriesWhenAScrapeFails() {
        scrape(plain, 1000, "a 1\nb 2\n");
        plain.fail(2000, "connection refused", 0);
        plain.fail(3000, "connection refused", 0);
        scrape(plain, 4000, "a 1\nb 2\n");
        assertThat(sink.samples("a")).containsExactly("1000=1.0", "2000=stale", "4000=1.0");
        assertThat(sink.samples("up"))
                .containsExactly("1000=1.0", "2000=0.0", "3000=0.0", "4000=1.0");
        assertThat(sink.samples("scrape_series_added"))
                .as("as in Prometheus, a failed scrape does not make series new")
                .containsExactly("1000=2.0", "2000=0.0", "3000=0.0", "4000=0.0");
    }

    @Test
    void keepsNothingOfABodyThatIsWrongAtItsEnd() {
        scrape(plain, 1000, "a 1\nb 2\n");
        ScrapeOutcome outcome = scrape(plain, 2000, "a 5\nnew 1\nb{ 2\n");
        assertThat(outcome.up()).isFalse();
        assertThat(outcome.reason()).startsWith("parse error: line=3 column=");
        assertThat(sink.samples("a")).containsExactly("1000=1.0", "2000=stale");
        assertThat(sink.samples("b")).containsExactly("1000=2.0", "2000=stale");
        assertThat(sink.series("new")).isEmpty();
        assertThat(sink.samples("scrape_samples_scraped")).containsExactly("1000=2.0", "2000=2.0");
        scrape(plain, 3000, "a 5\nnew 1\n");
        assertThat(sink.samples("a")).containsExactly("1000=1.0", "2000=stale", "3000=5.0");
        assertThat(sink.samples("new")).containsExactly("3000=1.0");
    }

    @Test
    void takesTheFirstOfTwoEqualSeries() {
        scrape(plain, 1000, "a 1\na 2\n");
        scrape(plain, 2000, "a 3\na 4\n");
        assertThat(sink.samples("a")).containsExactly("1000=1.0", "2000=3.0");
        assertThat(metrics.duplicates.sum()).isEqualTo(2);
        assertThat(sink.samples("up")).containsExactly("1000=1.0", "2000=1.0");
    }

    @Test
    void takesTheFirstOfTwoSeriesThatAreWrittenDifferently() {
        scrape(plain, 1000, "a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 2\n");
        assertThat(sink.samples("a")).containsExactly("1000=1.0");
        assertThat(sink.samples("up")).containsExactly("1000=1.0");
    }

    @Test
    void storesTimestampsOfTheExposition() {
        scrape(plain, 10_000, "a 1 7000\n");
        scrape(plain, 20_000, "b 1\n");
        assertThat(sink.samples("a")).as("no marker").containsExactly("7000=1.0");
    }

    @Test
    void marksTimestampedSeriesWhenTold() {
        TargetAppender tracking =
                appender(ScrapeLimits.NONE, new SeriesRules(false, true, true, List.of()));
        scrape(tracking, 10_000, "a 1 7000\n");
        scrape(tracking, 20_000, "b 1\n");
        assertThat(sink.samples("a")).containsExactly("7000=1.0", "20000=stale");
    }

    @Test
    void overridesTimestampsWhenTold() {
        TargetAppender overriding =
                appender(ScrapeLimits.NONE, new SeriesRules(false, false, false, List.of()));
        scrape(overriding, 10_000, "a 1 7000\n");
        scrape(overriding, 20_000, "b 1\n");
        assertThat(sink.samples("a")).containsExactly("10000=1.0", "20000=stale");
    }

    @Test
    void marksASeriesThatChangesToTimestamps() {
        scrape(plain, 10_000, "a 1\n");
        scrape(plain, 20_000, "a 2 15000\n");
        assertThat(sink.samples("a")).containsExactly("10000=1.0", "15000=2.0", "20000=stale");
    }

    @Test
    void storesNanAsAValue() {
        scrape(plain, 1000, "a NaN\nb +Inf\n");
        assertThat(sink.samples("a")).containsExactly("1000=NaN");
        assertThat(sink.samples("b")).containsExactly("1000=Infinity");
    }

    @Test
    void refusesAScrapeOverItsSampleLimit() {
        TargetAppender limited = appender(new ScrapeLimits(0, 2, 0, 0, 0, 0), SeriesRules.DEFAULT);
        scrape(limited, 1000, "a 1\nb 2\n");
        ScrapeOutcome outcome = scrape(limited, 2000, "a 1\nb 2\nc 3\nd 4\n");
        assertThat(outcome.reason()).isEqualTo("sample_limit exceeded: limit=2, found=4");
        assertThat(sink.samples("a")).containsExactly("1000=1.0", "2000=stale");
        assertThat(sink.samples("scrape_samples_scraped")).containsExactly("1000=2.0", "2000=4.0");
    }

    @Test
    void refusesAScrapeOverALabelLimit() {
        TargetAppender limited = appender(new ScrapeLimits(0, 0, 4, 8, 5, 0), SeriesRules.DEFAULT);
        assertThat(scrape(limited, 1000, "a{x=\"1\",y=\"2\"} 1\n").reason())
                .startsWith("label_limit exceeded: limit=4, found=5, series=a{");
        assertThat(scrape(limited, 2000, "a{toolongname=\"2\"} 1\n").reason())
                .startsWith("label_name_length_limit exceeded: limit=8, found=11, series=a{");
        assertThat(scrape(limited, 3000, "a{x=\"123456\"} 1\n").reason())
                .startsWith("label_value_length_limit exceeded: limit=5, found=6, series=a{");
        assertThat(scrape(limited, 4000, "a{x=\"12345\"} 1\n").reason()).isEmpty();
    }

    @Test
    void dropsAndRewritesSeriesByMetricRelabelling() {
        RelabelRule drop =
                new RelabelRule(
                        RelabelAction.DROP,
                        List.of("__name__"),
                        ";",
                        RelabelPattern.of("b.*"),
                        0,
                        "",
                        "$1");
        RelabelRule rename =
                new RelabelRule(
                        RelabelAction.REPLACE,
                        List.of("__name__"),
                        ";",
                        RelabelPattern.of("c(.*)"),
                        0,
                        "__name__",
                        "d$1");
        TargetAppender relabelling =
                appender(
                        ScrapeLimits.NONE,
                        new SeriesRules(false, true, false, List.of(drop, rename)));
        scrape(relabelling, 1000, "a 1\nb1 2\nb2 2\ncc 3\n");
        scrape(relabelling, 2000, "a 1\nb1 2\nb2 2\ncc 3\n");
        assertThat(sink.series("b1")).isEmpty();
        assertThat(sink.samples("dc")).containsExactly("1000=3.0", "2000=3.0");
        assertThat(sink.samples("scrape_samples_scraped")).containsExactly("1000=4.0", "2000=4.0");
        assertThat(sink.samples("scrape_samples_post_metric_relabeling"))
                .containsExactly("1000=2.0", "2000=2.0");
    }

    @Test
    void goesOnWithOldSeriesAtTheSeriesLimit() {
        sink.limitSeries(7);
        scrape(plain, 1000, "a 1\nb 2\n");
        ScrapeOutcome outcome = scrape(plain, 2000, "a 1\nb 2\nc 3\n");
        assertThat(outcome.up()).isTrue();
        assertThat(sink.samples("a")).containsExactly("1000=1.0", "2000=1.0");
        assertThat(sink.series("c")).isEmpty();
        assertThat(metrics.seriesOverLimit.sum()).isEqualTo(1);
        sink.limitSeries(100);
        for (int i = 0; i < SeriesCache.RETRY_ROUNDS; i++) {
            scrape(plain, 3000 + i * 1000, "a 1\nb 2\nc 3\n");
        }
        assertThat(sink.samples("c")).as("tried again").isNotEmpty();
    }

    @Test
    void asksAgainForSeriesThatTheHeadForgot() {
        scrape(plain, 1000, "a 1\nb 2\n");
        sink.forgetReferences();
        scrape(plain, 2000, "a 1\nb 2\n");
        scrape(plain, 3000, "a 1\nb 2\n");
        assertThat(sink.samples("a")).containsExactly("1000=1.0", "2000=1.0", "3000=1.0");
        assertThat(sink.samples("up")).containsExactly("1000=1.0", "2000=1.0", "3000=1.0");
    }

    @Test
    void saysWhyAScrapeWasNotStoredAndGoesOn() {
        scrape(plain, 1000, "a 1\n");
        sink.fill(true);
        ScrapeOutcome outcome = scrape(plain, 2000, "a 1\n");
        assertThat(outcome.up()).isTrue();
        assertThat(outcome.storeError()).isEqualTo("disk is full");
        sink.fill(false);
        scrape(plain, 3000, "b 1\n");
        assertThat(sink.samples("a")).containsExactly("1000=1.0", "3000=stale");
        assertThat(metrics.commitFailures.sum()).isEqualTo(1);
    }

    @Test
    void endsEverySeriesOfATargetThatIsGone() {
        scrape(plain, 1000, "a 1\n");
        plain.end(2000);
        assertThat(sink.samples("a")).containsExactly("1000=1.0", "2000=stale");
        for (String report : SeriesLabels.REPORTS) {
            assertThat(sink.samples(report)).as(report).last().isEqualTo("2000=stale");
        }
    }

    @Test
    void marksWhatASuccessorDoesNotExpose() {
        scrape(plain, 1000, "a 1\nb 2\n");
        TargetAppender next = appender(ScrapeLimits.NONE, SeriesRules.DEFAULT);
        next.inherit(plain);
        scrape(next, 2000, "b 3\n");
        scrape(next, 3000, "b 4\n");
        assertThat(sink.samples("a")).containsExactly("1000=1.0", "2000=stale");
        assertThat(sink.samples("b")).containsExactly("1000=2.0", "2000=3.0", "3000=4.0");
    }

    @Test
    void guessesKnownSeriesAndFindsMovedOnes() {
        scrape(plain, 1000, "a 1\nb 2\nc 3\nd 4\n");
        scrape(plain, 2000, "a 1\nb 2\nc 3\nd 4\n");
        long guesses = metrics.cacheGuesses.sum();
        assertThat(guesses).isEqualTo(4);
        int calls = sink.seriesCalls();
        scrape(plain, 3000, "d 9\nc 8\nb 7\na 6\n");
        assertThat(sink.seriesCalls()).as("no slow path").isEqualTo(calls);
        assertThat(sink.samples("d")).last().isEqualTo("3000=9.0");
        scrape(plain, 4000, "d 9\nc 8\nb 7\na 6\n");
        assertThat(metrics.cacheGuesses.sum())
                .as("learnt the new order")
                .isGreaterThan(guesses + 3);
    }

    @Test
    void readsOpenMetrics() {
        ScrapeOutcome outcome =
                scrape(
                        plain,
                        1000,
                        ExpositionFormat.OPENMETRICS_TEXT,
                        "# TYPE a counter\na_total 3\n# EOF\n");
        assertThat(outcome.reason()).isEmpty();
        assertThat(sink.samples("a_total")).containsExactly("1000=3.0");
        assertThat(scrape(plain, 2000, ExpositionFormat.OPENMETRICS_TEXT, "a_total 3\n").reason())
                .startsWith("parse error: line=");
    }
}
