package dev.muster.agent.scrape.discovery;

import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.model.labels.Labels;

/// One endpoint that is scraped.
///
/// @param job the job it belongs to
/// @param origin how it was found
/// @param labels what every series of it gets: `job`, `instance` and those of its group
/// @param discovered what was known before relabelling, `__address__` among them
/// @param endpoint where it is fetched from
/// @param timing when
/// @param info what is known of its service, such as its owner: labels of its `target_info`
public record Target(
        ScrapeJob job,
        TargetOrigin origin,
        Labels labels,
        Labels discovered,
        Endpoint endpoint,
        ScrapeTiming timing,
        Labels info) {
    /// What the target is, apart from how it is scraped: two targets of one key are one target.
    /// Stable over restarts.
    public String key() {
        return labels + " " + endpoint.url();
    }

    public String instance() {
        return labels.valueOf("instance");
    }

    /// Do both scrape the same, at the same time?
    public boolean scrapesLike(Target other) {
        return key().equals(other.key())
                && timing.equals(other.timing)
                && info.equals(other.info)
                && job.access().equals(other.job.access())
                && job.limits().equals(other.job.limits())
                && job.formats().equals(other.job.formats())
                && job.rules().equals(other.job.rules())
                && job.failureLog().equals(other.job.failureLog());
    }
}
