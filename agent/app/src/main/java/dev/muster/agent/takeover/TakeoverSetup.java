package dev.muster.agent.takeover;

import dev.muster.agent.runs.JobBoard;
import dev.muster.agent.scrape.fetch.BodyPool;
import dev.muster.agent.scrape.fetch.HttpSources;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.Timers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// All that a [Takeover] is built from.
///
/// @param plan how
/// @param cell the agent's cell
/// @param host the agent's host
/// @param address by which other hosts know this one
/// @param directory for samples of lost peers
/// @param procfs where the kernel tells who listens
/// @param link to the cell
/// @param opener opens heads
/// @param jobs the agent's own, whose credentials may be needed
/// @param runs jobs that announced themselves to the agent
/// @param http makes what asks services
/// @param timers fire ticks
/// @param clock wall clock
/// @param nanoTime monotonic clock
/// @param seed makes tables of series unpredictable to targets
public record TakeoverSetup(
        TakeoverPlan plan,
        String cell,
        String host,
        String address,
        Path directory,
        Path procfs,
        CellLink link,
        TakenHeads.Opener opener,
        Supplier<List<ScrapeJob>> jobs,
        JobBoard runs,
        Function<BodyPool, HttpSources> http,
        Timers timers,
        InstantSource clock,
        LongSupplier nanoTime,
        long seed) {}
