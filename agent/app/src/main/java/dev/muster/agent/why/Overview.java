package dev.muster.agent.why;

import java.util.List;

/// All targets at a glance, those with problems first.
///
/// @param targets at most [#TARGETS_LIMIT]
/// @param more how many targets were left out
/// @param discoveries what each of them has
/// @param problems what is wrong with the agent as a whole, in words
public record Overview(
        List<TargetLine> targets,
        int more,
        List<DiscoveryLine> discoveries,
        List<String> problems) {
    /// Most targets in the list.
    public static final int TARGETS_LIMIT = 1_000;

    public Overview {
        targets = List.copyOf(targets);
        discoveries = List.copyOf(discoveries);
        problems = List.copyOf(problems);
    }
}
