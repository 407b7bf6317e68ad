package dev.muster.agent.takeover;

import dev.muster.agent.scrape.ScrapeSetup;
import dev.muster.agent.scrape.ScrapeWorks;
import dev.muster.agent.scrape.append.MemoryBudget;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.fetch.BodyPool;
import dev.muster.agent.scrape.fetch.BodySource;
import dev.muster.agent.scrape.fetch.HttpSources;
import dev.muster.model.series.SampleSink;
import java.util.Map;
import java.util.function.Function;

/// What scrapes of all lost peers share: made when the first is lost, ended when none is. It is
/// apart from what the agent's own scrapes use, so that these never wait.
final class TakeoverWorks implements AutoCloseable {
    private final TakeoverSetup setup;
    private final BodyPool pool;
    private final HttpSources http;
    private final MemoryBudget budget;
    private final ScrapeWorks scrapes;
    private final RateBudget rate;

    TakeoverWorks(TakeoverSetup setup, TakenHeads heads) {
        this.setup = setup;
        pool = new BodyPool(setup.plan().bodyMemoryBytes());
        http = setup.http().apply(pool);
        budget = new MemoryBudget(setup.plan().memoryBudgetBytes(), heads::use, setup.nanoTime());
        scrapes = new ScrapeWorks(pool, "muster-takeover");
        rate = new RateBudget(setup.plan().scrapesPerSecond(), setup.nanoTime());
    }

    /// How targets of one peer are scraped into its head.
    ScrapeSetup scrapesOf(
            Map<String, String> external, SampleSink head, Function<Target, BodySource> sources) {
        return ScrapeSetup.ofTargets(
                external,
                head,
                sources,
                http.requests(),
                pool,
                http.metrics(),
                budget,
                setup.timers(),
                setup.clock(),
                setup.nanoTime(),
                setup.seed());
    }

    ScrapeWorks scrapes() {
        return scrapes;
    }

    HttpSources http() {
        return http;
    }

    RateBudget rate() {
        return rate;
    }

    long memoryBytes() {
        return budget.usedBytes();
    }

    @Override
    public void close() {
        scrapes.close();
        http.close();
    }
}
