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
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesAccountTest {
    private final FakeSink sink = new FakeSink();

    private TargetAppender appender(RelabelRule... rules) {
        return new TargetAppender(
                sink.appender("web"),
                new AppendRules(
                        Labels.of("job", "web", "instance", "h:1"),
                        Map.of(),
                        ScrapeLimits.NONE,
                        new SeriesRules(false, true, false, List.of(rules)),
                        ScrapeFormats.DEFAULT,
                        1_000),
                new AppendContext(new AppendMetrics(), MemoryBudget.unlimited(), () -> 0, 42));
    }

    private static RelabelRule drop(String label, String regex) {
        return new RelabelRule(
                RelabelAction.DROP, List.of(label), ";", RelabelPattern.of(regex), 0, "", "$1");
    }

    private static ScrapeOutcome scrape(TargetAppender appender, long tickMs, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return appender.append(
                tickMs, new ScrapeBody(ExpositionFormat.PROMETHEUS_TEXT, bytes, bytes.length), 0);
    }

    @Test
    void isEmptyBeforeTheFirstScrape() {
        assertThat(appender().account(AccountQuestion.ALL)).isEqualTo(SeriesAccount.EMPTY);
    }

    @Test
    void countsSeriesByFateAndRule() {
        TargetAppender appender = appender(drop("__name__", "x.*"), drop("path", "/internal"));
        scrape(appender, 1000, "a 1\ngone 1\n");
        scrape(appender, 2000, "a 1\nb{path=\"/\"} 1\nb{path=\"/internal\"} 1\nx1 1\nx2 1\n");
        SeriesAccount account = appender.account(AccountQuestion.ALL);
        assertThat(account.tickMs()).isEqualTo(2000);
        assertThat(account.shares())
                .extracting(s -> s.fate() + " " + s.rule() + " " + s.series())
                .containsExactly("KEPT -1 2", "DROPPED 0 2", "DROPPED 1 1", "VANISHED -1 1");
        assertThat(account.shares().get(2).examples())
                .extracting(e -> e.exposed() + " " + e.stored())
                .containsExactly("b{path=\"/internal\"} Optional.empty");
    }

    @Test
    void answersForMatchersOnExposedAndOnStoredLabels() {
        TargetAppender appender = appender(drop("path", "/internal"));
        scrape(appender, 1000, "a{job=\"mine\"} 1\nb{path=\"/internal\"} 1\nb 1\n");
        SeriesAccount exposed =
                appender.account(
                        new AccountQuestion(List.of(LabelMatcher.equal("__name__", "b")), 5));
        assertThat(exposed.series(SeriesFate.KEPT)).isEqualTo(1);
        assertThat(exposed.series(SeriesFate.DROPPED)).isEqualTo(1);
        SeriesAccount stored =
                appender.account(
                        new AccountQuestion(
                                List.of(LabelMatcher.equal("exported_job", "mine")), 5));
        assertThat(stored.shares()).hasSize(1);
        assertThat(stored.shares().getFirst().examples().getFirst().stored().orElseThrow())
                .hasToString("a{exported_job=\"mine\", instance=\"h:1\", job=\"web\"}");
    }

    @Test
    void tellsOfSeriesOverTheSeriesLimit() {
        sink.limitSeries(1);
        TargetAppender appender = appender();
        scrape(appender, 1000, "a 1\nb 1\n");
        assertThat(appender.account(AccountQuestion.ALL).series(SeriesFate.OVER_SERIES_LIMIT))
                .isEqualTo(1);
    }

    @Test
    void namesSamplesRefusedOneByOne() {
        TargetAppender appender = appender();
        scrape(appender, 1000, "a 1\na 2\na{x=\"1\"} 1 500\na{x=\"1\"} 2 500\n");
        List<SampleFaults> faults = appender.account(AccountQuestion.ALL).faults();
        assertThat(faults)
                .extracting(f -> f.kind().text() + " " + f.samples() + " " + f.lastMs())
                .containsExactly("duplicate_in_scrape 1 1000", "duplicate 1 1000");
        assertThat(faults.get(1).examples())
                .extracting(e -> e.exposed() + " " + e.timestampMs())
                .containsExactly("a{x=\"1\"} 500");
    }

    @Test
    void keepsFewExamplesAndLetsThemGo() {
        TargetAppender appender = appender();
        for (int i = 1; i <= 100; i++) {
            scrape(appender, 1000L * i, "a 1\na 2\n");
        }
        SampleFaults faults = appender.account(AccountQuestion.ALL).faults().getFirst();
        assertThat(faults.samples()).isEqualTo(100);
        assertThat(faults.examples()).hasSize(3);
        assertThat(faults.examples().getFirst().timestampMs()).isGreaterThan(60_000);
    }

    @Test
    void placesAParseErrorAndGivesAHint() {
        ScrapeFault fault = scrape(appender(), 1000, "a 1\nb{ 2\n").fault().orElseThrow();
        assertThat(fault.kind()).isEqualTo(FaultKind.PARSE);
        assertThat(fault.line()).isEqualTo(2);
        assertThat(fault.column()).isPositive();
        assertThat(fault.text()).startsWith("parse error: line=2 column=");
    }
}
