package dev.muster.agent.scrape.discovery;

import dev.muster.agent.scrape.job.Place;

/// How a target was found.
///
/// @param job name of the job
/// @param kind kind of discovery
/// @param place where that discovery is configured
/// @param source which of the things that the discovery knows it comes from: a file, a pod, …
public record TargetOrigin(String job, String kind, Place place, String source) {}
