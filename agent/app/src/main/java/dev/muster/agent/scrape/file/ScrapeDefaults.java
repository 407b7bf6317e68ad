package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import java.nio.file.Path;
import java.util.Optional;

/// What holds for a job that says nothing else.
///
/// @param timing from `muster.scrape.interval` and `muster.scrape.timeout`
/// @param limits from the limits of `muster.scrape`
/// @param formats asked for
/// @param failureLog file that tells of failed scrapes
public record ScrapeDefaults(
        ScrapeTiming timing,
        ScrapeLimits limits,
        ScrapeFormats formats,
        Optional<Path> failureLog) {
    public ScrapeDefaults(ScrapeTiming timing, ScrapeLimits limits) {
        this(timing, limits, ScrapeFormats.DEFAULT, Optional.empty());
    }
}
