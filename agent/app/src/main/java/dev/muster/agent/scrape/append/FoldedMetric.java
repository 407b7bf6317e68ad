package dev.muster.agent.scrape.append;

import dev.muster.model.labels.Labels;
import java.util.List;

/// A metric of a target whose new series found the memory budget used up.
///
/// @param metric its name
/// @param series samples of such series in the last good scrape: the value of its `__overflow__`
///   series
/// @param total samples of such series since it began
/// @param sinceMs tick of the first of them
/// @param lastMs tick of the last of them
/// @param culprit the label with the most distinct values among them; empty if they have none
/// @param culpritValues how many, estimated
/// @param examples exposed labels of some of them
public record FoldedMetric(
        String metric,
        int series,
        long total,
        long sinceMs,
        long lastMs,
        String culprit,
        long culpritValues,
        List<Labels> examples) {
    public FoldedMetric {
        examples = List.copyOf(examples);
    }
}
