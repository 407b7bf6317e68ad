package dev.muster.agent.scrape.job;

import dev.muster.agent.scrape.relabel.RelabelRule;
import java.util.List;

/// How scraped samples become series.
///
/// @param honorLabels scraped labels win over the target's; otherwise they are renamed `exported_…`
/// @param honorTimestamps timestamps of the exposition are kept; otherwise the tick is used
/// @param trackTimestampsStaleness series with timestamps of their own are marked stale, too
/// @param metricRelabel applied to every series after the target's labels are there
/// @param reports `up` and the other series that tell of scrapes are written; not where there is
///   nothing that could be down
public record SeriesRules(
        boolean honorLabels,
        boolean honorTimestamps,
        boolean trackTimestampsStaleness,
        List<RelabelRule> metricRelabel,
        boolean reports) {
    public static final SeriesRules DEFAULT = new SeriesRules(false, true, false, List.of());

    /// What others wrote down for this agent to tell: its labels hold, and nothing is said of
    /// scrapes.
    public static final SeriesRules KEPT = new SeriesRules(true, true, false, List.of(), false);

    public SeriesRules {
        metricRelabel = List.copyOf(metricRelabel);
    }

    /// Rules of something that may be down.
    public SeriesRules(
            boolean honorLabels,
            boolean honorTimestamps,
            boolean trackTimestampsStaleness,
            List<RelabelRule> metricRelabel) {
        this(honorLabels, honorTimestamps, trackTimestampsStaleness, metricRelabel, true);
    }
}
