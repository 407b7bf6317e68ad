package dev.muster.promql.part;

import java.util.List;

/// Who can answer a [PartQuery].
///
/// @param fromMs first step that the parts can answer, Unix time in milliseconds; any time, not
///   only that of a step. Earlier steps are evaluated with what `select` gives
/// @param parts for steps at or after `fromMs` they together hold every series that matches exactly
///   once, each with all samples that it needs; empty where nothing can be delegated
public record PartPlan(long fromMs, List<Part> parts) {
    /// Nothing can be delegated.
    public static final PartPlan NONE = new PartPlan(Long.MAX_VALUE, List.of());

    public PartPlan {
        parts = List.copyOf(parts);
    }
}
