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
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a job's formats do to its series.
class ScrapeFormatsTest {
    private final FakeSink sink = new FakeSink();

    private ScrapeOutcome scrape(boolean convert, NameValidation names, String body) {
        ScrapeFormats formats =
                new ScrapeFormats(
                        ScrapeProtocol.DEFAULT,
                        Optional.empty(),
                        true,
                        false,
                        convert,
                        names,
                        NameEscaping.UNDERSCORES,
                        false);
        TargetAppender appender =
                new TargetAppender(
                        sink.appender("web"),
                        new AppendRules(
                                Labels.EMPTY,
                                Map.of(),
                                ScrapeLimits.NONE,
                                SeriesRules.DEFAULT,
                                formats,
                                1_000),
                        new AppendContext(
                                new AppendMetrics(), MemoryBudget.unlimited(), () -> 0, 42));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return appender.append(
                1_000, new ScrapeBody(ExpositionFormat.PROMETHEUS_TEXT, bytes, bytes.length), 0);
    }

    @Test
    void convertsClassicHistograms() {
        String body =
                """
                # TYPE h histogram
                h_bucket{le="1"} 2
                h_bucket{le="+Inf"} 3
                h_sum 4
                h_count 3
                """;
        assertThat(scrape(true, NameValidation.UTF8, body).up()).isTrue();
        assertThat(sink.series("h_bucket")).isEmpty();
        assertThat(sink.histogram(Labels.of("__name__", "h"), 1_000).customBound(0)).isEqualTo(1);
    }

    @Test
    void refusesNamesThatAreNotTaken() {
        ScrapeOutcome outcome = scrape(false, NameValidation.LEGACY, "{\"a.b\",c=\"d\"} 1\n");
        assertThat(outcome.up()).isFalse();
        assertThat(outcome.reason())
                .isEqualTo(
                        "names must be letters, digits and underscores where"
                                + " metric_name_validation_scheme=legacy: found=a.b,"
                                + " series={\"a.b\", c=\"d\"}");
        assertThat(scrape(false, NameValidation.LEGACY, "a:b{c=\"d\"} 1\n").up()).isTrue();
        assertThat(scrape(false, NameValidation.LEGACY, "a{\"c:d\"=\"e\"} 1\n").up()).isFalse();
        assertThat(scrape(false, NameValidation.UTF8, "{\"a.b\",c=\"d\"} 1\n").up()).isTrue();
    }
}
