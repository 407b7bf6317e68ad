package dev.muster.agent.scrape;

import dev.muster.agent.scrape.append.MemoryBudget;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.fetch.BodyPool;
import dev.muster.agent.scrape.fetch.BodySource;
import dev.muster.agent.scrape.fetch.FetchMetrics;
import dev.muster.agent.scrape.file.ScrapeDefaults;
import dev.muster.agent.scrape.job.HttpRequests;
import dev.muster.agent.scrape.job.KubernetesScope;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.Timers;
import dev.muster.model.series.SampleSink;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// All that a [Scraper] is built from.
///
/// @param file Prometheus' configuration file; absent for none
/// @param defaults of its jobs
/// @param external labels that every series gets that has none of that name
/// @param builtIn jobs of the agent's own, beside those of the file
/// @param sink where samples go
/// @param sources makes the source of a target
/// @param requests asks services for targets
/// @param kubernetes how much of a cluster is looked at
/// @param pool buffers for bodies
/// @param fetches meters of fetches
/// @param budget memory of series
/// @param timers fire ticks
/// @param clock wall clock
/// @param nanoTime monotonic clock
/// @param seed makes tables of series unpredictable to targets
public record ScrapeSetup(
        Optional<Path> file,
        ScrapeDefaults defaults,
        Map<String, String> external,
        List<ScrapeJob> builtIn,
        SampleSink sink,
        Function<Target, BodySource> sources,
        HttpRequests requests,
        KubernetesScope kubernetes,
        BodyPool pool,
        FetchMetrics fetches,
        MemoryBudget budget,
        Timers timers,
        InstantSource clock,
        LongSupplier nanoTime,
        long seed) {
    public ScrapeSetup {
        external = Map.copyOf(external);
        builtIn = List.copyOf(builtIn);
    }

    /// Of targets that are found elsewhere: without a file, jobs and discoveries.
    public static ScrapeSetup ofTargets(
            Map<String, String> external,
            SampleSink sink,
            Function<Target, BodySource> sources,
            HttpRequests requests,
            BodyPool pool,
            FetchMetrics fetches,
            MemoryBudget budget,
            Timers timers,
            InstantSource clock,
            LongSupplier nanoTime,
            long seed) {
        return new ScrapeSetup(
                Optional.empty(),
                new ScrapeDefaults(
                        new ScrapeTiming(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                        ScrapeLimits.NONE),
                external,
                List.of(),
                sink,
                sources,
                requests,
                new KubernetesScope(Optional.empty(), false),
                pool,
                fetches,
                budget,
                timers,
                clock,
                nanoTime,
                seed);
    }
}
