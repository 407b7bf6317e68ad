package dev.muster.agent.scrape.sd;

import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.model.labels.Labels;
import java.util.List;
import java.util.Optional;

/// How much one discovery may find. More is refused as a whole, and the last targets stay.
///
/// @param groups groups of targets
/// @param targets targets of all groups
/// @param labels labels of one target, those of its group among them
/// @param characters names and values of all labels of all groups
public record DiscoveryLimits(int groups, int targets, int labels, long characters) {
    public static final DiscoveryLimits DEFAULT =
            new DiscoveryLimits(10_000, 20_000, 1_000, 16_000_000);

    /// Which limit the groups are over, in words; empty if none.
    public Optional<String> exceededBy(List<TargetGroup> found) {
        int targetCount = 0;
        long characterCount = 0;
        for (TargetGroup group : found) {
            targetCount += group.targets().size();
            characterCount += characters(group.labels());
            for (Labels target : group.targets()) {
                characterCount += characters(target);
                int labelCount = target.size() + group.labels().size();
                if (labelCount > labels) {
                    return over("labels of a target", labels, labelCount);
                }
            }
        }
        if (found.size() > groups) {
            return over("groups", groups, found.size());
        }
        if (targetCount > targets) {
            return over("targets", targets, targetCount);
        }
        return characterCount > characters
                ? over("characters of labels", characters, characterCount)
                : Optional.empty();
    }

    private static Optional<String> over(String what, long limit, long found) {
        return Optional.of(
                "discovery must find at most " + limit + " " + what + ": found=" + found);
    }

    private static long characters(Labels labels) {
        long sum = 0;
        for (int i = 0; i < labels.size(); i++) {
            sum += labels.name(i).length() + labels.value(i).length();
        }
        return sum;
    }
}
