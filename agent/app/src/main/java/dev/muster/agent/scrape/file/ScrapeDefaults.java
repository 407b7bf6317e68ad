package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;

/// What holds for a job that says nothing else.
///
/// @param timing from `muster.scrape.interval` and `muster.scrape.timeout`
/// @param limits from the limits of `muster.scrape`
public record ScrapeDefaults(ScrapeTiming timing, ScrapeLimits limits) {}
