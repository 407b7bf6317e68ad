package dev.muster.promql.part;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.time.TimeRange;
import java.util.List;

/// What samples one selector of a [PartQuery] needs.
///
/// @param matchers all of them hold for its series
/// @param range of the samples that all steps together need. The first step needs samples from
///   `range.startMs()` on; a step that is so much later needs none before `range.startMs()` plus as
///   much. (With `@` there is one step only.)
public record PartSelector(List<LabelMatcher> matchers, TimeRange range) {
    public PartSelector {
        matchers = List.copyOf(matchers);
    }
}
