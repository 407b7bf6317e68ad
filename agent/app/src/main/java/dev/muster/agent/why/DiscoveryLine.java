package dev.muster.agent.why;

import dev.muster.agent.scrape.job.Place;

/// A discovery of a job and what it has.
///
/// @param job name of the job
/// @param kind of discovery, such as `file`
/// @param place where it is configured
/// @param found addresses that it knows
/// @param scraped how many of them are scraped, before the job's target limit
/// @param updatedMs when that was last confirmed, Unix time; 0 if never
/// @param error what is wrong with it; empty if nothing is
public record DiscoveryLine(
        String job,
        String kind,
        Place place,
        int found,
        int scraped,
        long updatedMs,
        String error) {}
