package dev.muster.agent.scrape.append;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.scrape.FakeSink;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricType;
import dev.muster.model.series.SampleAppender;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InfoSeriesTest {
    private static final Labels TARGET = Labels.of("instance", "h:1", "job", "web");

    private final FakeSink sink = new FakeSink();
    private final SampleAppender out = sink.appender("web");
    private final TargetAppender appender = appender("owner", "ann");

    private TargetAppender appender(String... info) {
        TargetAppender made =
                new TargetAppender(
                        out,
                        new AppendRules(
                                TARGET,
                                Map.of("cell", "c"),
                                ScrapeLimits.NONE,
                                SeriesRules.DEFAULT,
                                ScrapeFormats.DEFAULT,
                                1_000),
                        new AppendContext(
                                new AppendMetrics(), MemoryBudget.unlimited(), () -> 0, 42));
        made.describe(Labels.of(info));
        return made;
    }

    private static void scrape(TargetAppender appender, long tickMs, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        appender.append(
                tickMs, new ScrapeBody(ExpositionFormat.PROMETHEUS_TEXT, bytes, bytes.length), 0);
    }

    private static Labels info(String name, String value) {
        return Labels.of(
                "__name__",
                "target_info",
                "cell",
                "c",
                "instance",
                "h:1",
                "job",
                "web",
                name,
                value);
    }

    @Test
    void isThereAtEveryScrapeAndEndsWithTheTarget() {
        scrape(appender, 1000, "a 1\n");
        appender.fail(2000, "connection refused", 0);
        scrape(appender, 3000, "a 1\n");
        appender.end(4000);
        assertThat(sink.series("target_info")).containsExactly(info("owner", "ann"));
        assertThat(sink.samples("target_info"))
                .containsExactly("1000=1.0", "2000=1.0", "3000=1.0", "4000=stale");
        assertThat(sink.metadata(info("owner", "ann")).type()).isEqualTo(MetricType.INFO);
    }

    @Test
    void isAbsentWithoutMetadata() {
        scrape(appender(), 1000, "a 1\n");
        assertThat(sink.series("target_info")).isEmpty();
    }

    @Test
    void givesWayToTheTargetsOwn() {
        scrape(appender, 1000, "a 1\n");
        scrape(appender, 2000, "a 1\ntarget_info{owner=\"bob\"} 1\n");
        scrape(appender, 3000, "a 1\ntarget_info{owner=\"bob\"} 1\n");
        appender.fail(4000, "connection refused", 0);
        scrape(appender, 5000, "target_info{owner=\"bob\"} 1\n");
        assertThat(sink.samples(info("owner", "ann")))
                .containsExactly("1000=1.0", "2000=stale", "4000=1.0", "5000=stale");
        assertThat(sink.samples(info("owner", "bob")))
                .containsExactly("2000=1.0", "3000=1.0", "4000=stale", "5000=1.0");
    }

    @Test
    void changesWithTheMetadata() {
        scrape(appender, 1000, "a 1\n");
        TargetAppender same = appender("owner", "ann");
        same.inherit(appender);
        scrape(same, 2000, "a 1\n");
        TargetAppender other = appender("owner", "eve");
        other.inherit(same);
        scrape(other, 3000, "a 1\n");
        TargetAppender none = appender();
        none.inherit(other);
        scrape(none, 4000, "a 1\n");
        assertThat(sink.samples(info("owner", "ann")))
                .containsExactly("1000=1.0", "2000=1.0", "3000=stale");
        assertThat(sink.samples(info("owner", "eve"))).containsExactly("3000=1.0", "4000=stale");
        assertThat(sink.samples("a")).hasSize(4);
    }

    @Test
    void survivesAStoreThatForgets() {
        scrape(appender, 1000, "a 1\n");
        sink.forgetReferences();
        scrape(appender, 2000, "a 1\n");
        assertThat(sink.samples("target_info")).containsExactly("1000=1.0", "2000=1.0");
    }
}
