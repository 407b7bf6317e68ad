package dev.muster.agent.scrape.discovery;

import dev.muster.agent.scrape.job.DiscoveryConfig;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.RefusedAddress;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The targets that the jobs have now, and what was found beside them. Immutable.
///
/// @param active by key, in the order of the jobs
/// @param dropped addresses that relabelling dropped, the first [#OTHERS_LIMIT] of them
/// @param refused addresses that cannot be targets or that their discovery does not offer, and jobs
///   over their target limit, the first [#OTHERS_LIMIT] of them
public record TargetSet(
        Map<String, Target> active,
        List<TargetResult.Dropped> dropped,
        List<TargetResult.Refused> refused) {
    /// How many dropped and refused addresses are remembered.
    public static final int OTHERS_LIMIT = 1_000;

    public TargetSet {
        active = Collections.unmodifiableMap(new LinkedHashMap<>(active));
        dropped = List.copyOf(dropped);
        refused = List.copyOf(refused);
    }

    /// Looks at every job and what its discoveries know now.
    public static TargetSet of(List<ScrapeJob> jobs, Discoveries discoveries) {
        Map<String, Target> active = new LinkedHashMap<>();
        List<TargetResult.Dropped> dropped = new ArrayList<>();
        List<TargetResult.Refused> refused = new ArrayList<>();
        for (ScrapeJob job : jobs) {
            for (Target target : ofJob(job, discoveries, dropped, refused)) {
                active.putIfAbsent(target.key(), target);
            }
        }
        return new TargetSet(active, dropped, refused);
    }

    private static Collection<Target> ofJob(
            ScrapeJob job,
            Discoveries discoveries,
            List<TargetResult.Dropped> dropped,
            List<TargetResult.Refused> refused) {
        Map<String, Target> targets = new LinkedHashMap<>();
        int droppedLimit = job.limits().droppedTargets();
        int droppedBefore = dropped.size();
        for (DiscoveryConfig config : job.discoveries()) {
            DiscoveryState state = discoveries.state(config);
            for (RefusedAddress address : state.refused()) {
                addUpToLimit(
                        refused,
                        new TargetResult.Refused(
                                TargetOrigin.of(job, config, address.source()),
                                address.labels(),
                                address.reason()));
            }
            for (TargetGroup group : state.groups()) {
                TargetOrigin origin = TargetOrigin.of(job, config, group.source());
                for (Labels labels : group.targets()) {
                    switch (TargetRelabelling.relabel(job, origin, group, labels)) {
                        case TargetResult.Active(var target) ->
                                targets.putIfAbsent(target.key(), target);
                        case TargetResult.Dropped result -> {
                            if (droppedLimit == 0
                                    || dropped.size() - droppedBefore < droppedLimit) {
                                addUpToLimit(dropped, result);
                            }
                        }
                        case TargetResult.Refused result -> addUpToLimit(refused, result);
                    }
                }
            }
        }
        int limit = job.limits().targets();
        if (limit > 0 && targets.size() > limit) {
            addUpToLimit(refused, overLimit(job, targets.values()));
            return List.of();
        }
        return targets.values();
    }

    private static TargetResult.Refused overLimit(ScrapeJob job, Collection<Target> targets) {
        Target first = targets.iterator().next();
        return new TargetResult.Refused(
                first.origin(),
                first.discovered(),
                "job must have at most target_limit targets: target_limit="
                        + job.limits().targets()
                        + ", found="
                        + targets.size());
    }

    private static <T> void addUpToLimit(List<T> list, T item) {
        if (list.size() < OTHERS_LIMIT) {
            list.add(item);
        }
    }
}
