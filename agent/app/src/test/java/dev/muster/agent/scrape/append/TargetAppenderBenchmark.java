package dev.muster.agent.scrape.append;

import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.model.labels.Labels;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// From a body to appended samples, without HTTP and without the head: 1,000 known series in the
/// order expected, half of the values changed.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TargetAppenderBenchmark {
    private static final int SERIES = 1_000;

    private final ScrapeBody[] bodies = {ScrapeBodies.of(SERIES, 1), ScrapeBodies.of(SERIES, 2)};
    private final TargetAppender appender =
            new TargetAppender(
                    new NullAppender(),
                    new AppendRules(
                            Labels.of("job", "web", "instance", "h:1"),
                            Map.of("cell", "c"),
                            ScrapeLimits.NONE,
                            SeriesRules.DEFAULT,
                            ScrapeFormats.DEFAULT,
                            1_000),
                    new AppendContext(
                            new AppendMetrics(), MemoryBudget.unlimited(), System::nanoTime, 1));
    private int scrape;

    /// Operations are samples.
    @Benchmark
    @OperationsPerInvocation(SERIES)
    public ScrapeOutcome scrape() {
        scrape++;
        return appender.append(1_000L * scrape, bodies[scrape & 1], 0);
    }
}
