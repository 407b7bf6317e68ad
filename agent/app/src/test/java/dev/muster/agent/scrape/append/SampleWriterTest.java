package dev.muster.agent.scrape.append;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.NameEscaping;
import dev.muster.agent.exposition.NameValidation;
import dev.muster.agent.exposition.ScrapeProtocol;
import dev.muster.agent.scrape.FakeSink;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.model.labels.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SampleWriterTest {
    private static final ScrapeFormats NATIVE = formats(false, false);

    private static ScrapeFormats formats(boolean alwaysClassic, boolean convert) {
        return new ScrapeFormats(
                ScrapeProtocol.DEFAULT,
                Optional.empty(),
                true,
                alwaysClassic,
                convert,
                NameValidation.UTF8,
                NameEscaping.ALLOW_UTF_8,
                true);
    }

    private final FakeSink sink = new FakeSink();

    private TargetAppender appender(ScrapeLimits limits) {
        return appender(limits, NATIVE);
    }

    private TargetAppender appender(ScrapeLimits limits, ScrapeFormats formats) {
        return new TargetAppender(
                sink.appender("web"),
                new AppendRules(
                        Labels.of("job", "web"),
                        Map.of(),
                        limits,
                        SeriesRules.DEFAULT,
                        formats,
                        1_500),
                new AppendContext(new AppendMetrics(), MemoryBudget.unlimited(), () -> 0, 42));
    }

    private final TargetAppender plain = appender(ScrapeLimits.NONE);

    private static ScrapeBody text(ExpositionFormat format, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new ScrapeBody(format, bytes, bytes.length);
    }

    private static ScrapeBody openMetrics(int created, int value) {
        return text(
                ExpositionFormat.OPENMETRICS_TEXT,
                "# TYPE a counter\na_total "
                        + value
                        + " # {trace_id=\"t"
                        + value
                        + "\"} 0.5\na_created "
                        + created
                        + "\n# EOF\n");
    }

    private Labels series(String metric) {
        return sink.series(metric).getFirst();
    }

    @Test
    void storesStartsAndTellsThemOnce() {
        plain.append(1_000, openMetrics(100, 1), 0);
        plain.append(2_000, openMetrics(100, 2), 0);
        assertThat(sink.startMs(series("a_total"))).isEqualTo(100_000);
        assertThat(sink.startCalls()).isEqualTo(1);
        plain.append(3_000, openMetrics(200, 1), 0);
        assertThat(sink.startMs(series("a_total"))).isEqualTo(200_000);
    }

    @Test
    void tellsAStartAgainThatWasRolledBack() {
        plain.append(1_000, openMetrics(100, 1), 0);
        ScrapeBody torn =
                text(
                        ExpositionFormat.OPENMETRICS_TEXT,
                        "# TYPE a counter\na_total 2\na_created 300\nb{ 1\n");
        assertThat(plain.append(2_000, torn, 0).up()).isFalse();
        int calls = sink.startCalls();
        plain.append(3_000, openMetrics(300, 3), 0);
        assertThat(sink.startCalls()).isEqualTo(calls + 1);
    }

    @Test
    void storesExemplars() {
        plain.append(1_000, openMetrics(100, 1), 0);
        assertThat(sink.exemplars(series("a_total")))
                .extracting(e -> e.labels() + " " + e.value() + " " + e.timestampMs())
                .containsExactly("{trace_id=\"t1\"} 0.5 1000");
    }

    @Test
    void storesNativeHistogramsAndMarksTheirEnd() {
        plain.append(1_000, ProtobufBodies.body(ProtobufBodies.histogram(1, 2, 3)), 0);
        plain.append(2_000, ProtobufBodies.body(ProtobufBodies.counter("/", 1)), 0);
        assertThat(sink.samples("latency"))
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .startsWith("1000=NativeHistogram[schema=3")
                                        .contains("positive={1:1.0, 2:2.0, 3:3.0}"),
                        end -> assertThat(end).isEqualTo("2000=stale"));
    }

    @Test
    void makesHistogramsCoarserUntilTheyFit() {
        TargetAppender limited = appender(new ScrapeLimits(0, 0, 0, 0, 0, 0, 2, 0, 0));
        limited.append(1_000, ProtobufBodies.body(ProtobufBodies.histogram(1, 2, 3)), 0);
        assertThat(sink.samples("latency").getFirst())
                .startsWith("1000=NativeHistogram[schema=2")
                .contains("positive={1:3.0, 2:3.0}");
    }

    @Test
    void refusesTheScrapeWhereTheyCannotFit() {
        TargetAppender limited = appender(new ScrapeLimits(0, 0, 0, 0, 0, 0, 1, 0, 0));
        long[] counts = new long[200];
        Arrays.fill(counts, 1);
        byte[] wide = ProtobufBodies.histogram(counts);
        ScrapeOutcome outcome = limited.append(1_000, ProtobufBodies.body(wide), 0);
        assertThat(outcome.fault().map(ScrapeFault::kind)).contains(FaultKind.BUCKET_LIMIT);
        assertThat(outcome.reason()).startsWith("native_histogram_bucket_limit exceeded: limit=1");
    }

    private static final String CLASSIC =
            "# TYPE latency histogram\nlatency_bucket{a=\"\\\"x\\\"\",le=\"1\"} 2\n"
                    + "latency_bucket{a=\"\\\"x\\\"\",le=\"+Inf\"} 3\n"
                    + "latency_sum{a=\"\\\"x\\\"\"} 4\nlatency_count{a=\"\\\"x\\\"\"} 3\n";

    @Test
    void convertsClassicHistograms() {
        TargetAppender converting = appender(ScrapeLimits.NONE, formats(false, true));
        for (int i = 1; i <= 2; i++) {
            converting.append(1_000L * i, text(ExpositionFormat.PROMETHEUS_TEXT, CLASSIC), 0);
        }
        assertThat(sink.samples("latency"))
                .hasSize(2)
                .allSatisfy(sample -> assertThat(sample).contains("customBounds=[1.0]"));
        assertThat(sink.series("latency_count")).isEmpty();
        assertThat(converting.account(AccountQuestion.ALL).shares().getFirst().examples())
                .singleElement()
                .satisfies(example ->
                        assertThat(example.exposed())
                                .isEqualTo(Labels.of("__name__", "latency", "a", "\"x\"")));
    }

    @Test
    void keepsTheClassicOnesBesideThemWhenTold() {
        TargetAppender both = appender(ScrapeLimits.NONE, formats(true, true));
        both.append(1_000, text(ExpositionFormat.PROMETHEUS_TEXT, CLASSIC), 0);
        assertThat(sink.series("latency")).hasSize(1);
        assertThat(sink.series("latency_bucket")).hasSize(2);
    }

    @Test
    void goesOnWithTheSeriesWhenTheFormatChanges() {
        plain.append(1_000, ProtobufBodies.body(ProtobufBodies.counter("/a", 1)), 0);
        plain.append(2_000, text(ExpositionFormat.PROMETHEUS_TEXT, "requests{path=\"/a\"} 2\n"), 0);
        plain.append(3_000, ProtobufBodies.body(ProtobufBodies.counter("/a", 3)), 0);
        assertThat(sink.samples("requests")).containsExactly("1000=1.0", "2000=2.0", "3000=3.0");
        SeriesAccount account = plain.account(AccountQuestion.ALL);
        assertThat(account.formatChange())
                .contains(
                        new FormatChange(
                                ExpositionFormat.PROMETHEUS_TEXT,
                                ExpositionFormat.PROMETHEUS_PROTOBUF,
                                3_000,
                                2));
    }

    @Test
    void readsLabelsBackFromKeysOfProtobuf() {
        plain.append(1_000, ProtobufBodies.body(ProtobufBodies.counter("/a", 1)), 0);
        SeriesShare kept = plain.account(AccountQuestion.ALL).shares().getFirst();
        assertThat(kept.examples().getFirst().exposed()).hasToString("requests{path=\"/a\"}");
    }

    @Test
    void writesExtraSeriesWhereTheJobAsksForThem() {
        ScrapeBody body = text(ExpositionFormat.PROMETHEUS_TEXT, "a 1\n");
        plain.append(1_000, body, 0);
        plain.fail(2_000, ScrapeFault.of(FaultKind.BODY_LIMIT, "body too large"), 0);
        assertThat(sink.samples("scrape_timeout_seconds")).containsExactly("1000=1.5", "2000=1.5");
        assertThat(sink.samples("scrape_sample_limit")).containsExactly("1000=0.0", "2000=0.0");
        assertThat(sink.samples("scrape_body_size_bytes")).containsExactly("1000=4.0", "2000=-1.0");
    }
}
