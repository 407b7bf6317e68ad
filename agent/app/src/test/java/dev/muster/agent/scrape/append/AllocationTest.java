package dev.muster.agent.scrape.append;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.model.labels.Labels;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AllocationTest {
    private static final int SERIES = 1_000;
    private static final int SCRAPES = 200;

    /// What a scrape allocates is the same for one series and for a thousand.
    @Test
    void nothingIsAllocatedForAKnownSample() {
        NullAppender out = new NullAppender();
        TargetAppender appender =
                new TargetAppender(
                        out,
                        new AppendRules(
                                Labels.of("job", "web", "instance", "h:1"),
                                Map.of("cell", "c"),
                                ScrapeLimits.NONE,
                                SeriesRules.DEFAULT,
                                ScrapeFormats.DEFAULT,
                                1_000),
                        new AppendContext(
                                new AppendMetrics(),
                                MemoryBudget.unlimited(),
                                System::nanoTime,
                                1));
        ScrapeBody[] bodies = {ScrapeBodies.of(SERIES, 1), ScrapeBodies.of(SERIES, 2)};
        for (int i = 0; i < SCRAPES; i++) {
            appender.append(1_000L * i, bodies[i & 1], 0);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = SCRAPES; i < 2 * SCRAPES; i++) {
            appender.append(1_000L * i, bodies[i & 1], 0);
        }
        long perScrape = (threads.getCurrentThreadAllocatedBytes() - before) / SCRAPES;
        assertThat(perScrape).as("bytes for %d samples", SERIES).isLessThan(SERIES);
        assertThat(out.sum()).isPositive();
    }
}
