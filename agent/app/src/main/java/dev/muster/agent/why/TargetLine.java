package dev.muster.agent.why;

import dev.muster.agent.scrape.discovery.TargetOrigin;
import dev.muster.model.labels.Labels;

/// One target in a list.
///
/// @param verdict what is with it
/// @param origin how it was found
/// @param labels its labels, or what was discovered of one that is not scraped
/// @param url where it is scraped, or its address if it is not
/// @param error what is wrong; empty if nothing is
/// @param sinceMs since when it is up or down, Unix time; 0 for one that is not scraped
/// @param series series remembered
public record TargetLine(
        Verdict verdict,
        TargetOrigin origin,
        Labels labels,
        String url,
        String error,
        long sinceMs,
        int series) {}
