package dev.muster.agent.scrape.discovery;

import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.Place;
import dev.muster.agent.scrape.job.ScrapeJob;

/// How a target was found.
///
/// @param job name of the job
/// @param kind kind of discovery
/// @param place where that discovery is configured
/// @param source which of the things that the discovery knows it comes from: a file, a pod, …
public record TargetOrigin(String job, String kind, Place place, String source) {
    static TargetOrigin of(ScrapeJob job, DiscoveryConfig config, String source) {
        return new TargetOrigin(job.name(), config.kind(), config.place(), source);
    }
}
