package dev.muster.agent.scrape.append;

import dev.muster.model.labels.Labels;
import java.util.List;

/// A metric of a target whose new series found the memory budget used up.
///
/// @param target labels of the target
/// @param metric name of the metric; [#OTHERS] stands for all the metrics of a target that fold
///   beyond those that are told apart
/// @param series samples of such series in the last good scrape: the value of its `__overflow__`
///   series
/// @param total samples of such series since it began
/// @param sinceMs tick of the first of them
/// @param lastMs tick of the last of them
/// @param culprit the label with the most distinct values among them; empty if they have none
/// @param culpritValues how many were seen at least, estimated from a part of the series
/// @param examples exposed labels of some of them
public record FoldedMetric(
        Labels target,
        String metric,
        int series,
        long total,
        long sinceMs,
        long lastMs,
        String culprit,
        long culpritValues,
        List<Labels> examples) {
    /// Name of the series in which metrics fold that are not told apart.
    public static final String OTHERS = "scrape_other_metrics";

    /// The label that tells the series of a count.
    public static final String OVERFLOW = "__overflow__";

    public FoldedMetric {
        examples = List.copyOf(examples);
    }
}
