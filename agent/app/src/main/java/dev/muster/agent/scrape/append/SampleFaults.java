package dev.muster.agent.scrape.append;

import dev.muster.model.labels.Labels;
import java.util.List;

/// The samples of one target that were refused one by one, for one reason.
///
/// @param kind the reason
/// @param samples how many since the target's first scrape
/// @param lastMs tick of the last of them
/// @param examples exposed labels and time of some of them, from one of the last scrapes
public record SampleFaults(
        SampleFaultKind kind, long samples, long lastMs, List<Example> examples) {
    public SampleFaults {
        examples = List.copyOf(examples);
    }

    /// A sample that was refused.
    ///
    /// @param exposed labels as the target wrote them
    /// @param timestampMs its time: its own, or that of the scrape
    public record Example(Labels exposed, long timestampMs) {}
}
