package dev.muster.agent.scrape;

import dev.muster.agent.scrape.append.ScrapeOutcome;
import java.util.List;

/// How the scraping of a target goes: what was, and what comes next. Immutable.
///
/// @param nextTickMs nominal time of the next scrape, Unix time
/// @param jitterMs how long after it the scrape starts; the same for every tick of the target
/// @param recent the last scrapes, the newest first
/// @param changes the last scrapes that went otherwise than the one before, the newest first
public record ScrapeProgress(
        long nextTickMs, long jitterMs, List<ScrapeOutcome> recent, List<ScrapeOutcome> changes) {
    /// How many scrapes and how many changes are remembered.
    public static final int LIMIT = 10;

    public ScrapeProgress {
        recent = List.copyOf(recent);
        changes = List.copyOf(changes);
    }
}
