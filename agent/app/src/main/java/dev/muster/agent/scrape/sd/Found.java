package dev.muster.agent.scrape.sd;

import dev.muster.agent.scrape.job.TargetGroup;
import java.util.List;

/// The answer to a question for targets.
///
/// @param groups all that there is now
/// @param error what of it could not be asked, so that the groups are older there; empty when all
///   is well
public record Found(List<TargetGroup> groups, String error) {
    public Found {
        groups = List.copyOf(groups);
    }

    /// A whole answer.
    public static Found whole(List<TargetGroup> groups) {
        return new Found(groups, "");
    }
}
