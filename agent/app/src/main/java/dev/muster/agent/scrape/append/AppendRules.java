package dev.muster.agent.scrape.append;

import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.model.labels.Labels;
import java.util.Map;

/// How the scrapes of one target become series.
///
/// @param target labels that every series gets
/// @param external labels that every series gets that has none of that name
/// @param limits of a scrape
/// @param series rules for scraped series
/// @param formats what becomes of histograms and names
/// @param timeoutMs of a scrape
public record AppendRules(
        Labels target,
        Map<String, String> external,
        ScrapeLimits limits,
        SeriesRules series,
        ScrapeFormats formats,
        long timeoutMs) {
    public AppendRules {
        external = Map.copyOf(external);
    }
}
