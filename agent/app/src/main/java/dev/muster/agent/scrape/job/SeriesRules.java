package dev.muster.agent.scrape.job;

import dev.muster.agent.scrape.relabel.RelabelRule;
import java.util.List;

/// How scraped samples become series.
///
/// @param honorLabels scraped labels win over the target's; otherwise they are renamed `exported_…`
/// @param honorTimestamps timestamps of the exposition are kept; otherwise the tick is used
/// @param trackTimestampsStaleness series with timestamps of their own are marked stale, too
/// @param metricRelabel applied to every series after the target's labels are there
public record SeriesRules(
        boolean honorLabels,
        boolean honorTimestamps,
        boolean trackTimestampsStaleness,
        List<RelabelRule> metricRelabel) {
    public static final SeriesRules DEFAULT = new SeriesRules(false, true, false, List.of());

    public SeriesRules {
        metricRelabel = List.copyOf(metricRelabel);
    }
}
