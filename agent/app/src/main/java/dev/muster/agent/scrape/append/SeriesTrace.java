package dev.muster.agent.scrape.append;

import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.agent.scrape.relabel.LabelChange;
import dev.muster.agent.scrape.relabel.RelabelTrace;
import dev.muster.model.labels.Labels;
import java.util.List;
import java.util.Map;

/// What happens to the labels of a series on the way from the target to the store. Computed when
/// somebody asks.
///
/// @param exposed labels as the target writes them
/// @param merged what the target's labels changed: labels added, and scraped ones of the same name
///   replaced or renamed `exported_…`
/// @param relabelling what metric relabelling made of it
public record SeriesTrace(Labels exposed, List<LabelChange> merged, RelabelTrace relabelling) {
    public SeriesTrace {
        merged = List.copyOf(merged);
    }

    /// @param target labels of the target
    public static SeriesTrace of(Labels target, SeriesRules rules, Labels exposed) {
        Labels merged =
                new SeriesLabels(target, Map.of(), ScrapeLimits.NONE, rules).merged(exposed);
        return new SeriesTrace(
                exposed,
                LabelChange.between(exposed, merged),
                RelabelTrace.of(rules.metricRelabel(), merged));
    }
}
