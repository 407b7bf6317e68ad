package dev.muster.agent.scrape.discovery;

import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.TargetFiles;
import dev.muster.agent.scrape.job.TargetGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The targets that the jobs have now, and what was found beside them. Immutable.
///
/// @param active by key, in the order of the jobs
/// @param dropped addresses that relabelling dropped, the first [#OTHERS_LIMIT] of them
/// @param refused addresses that cannot be targets, and jobs over their target limit, the first
///   [#OTHERS_LIMIT] of them
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

    /// Looks at every job: what stands in it and what its files hold now.
    public static TargetSet of(List<ScrapeJob> jobs, TargetFileWatch files) {
        Map<String, Target> active = new LinkedHashMap<>();
        List<TargetResult.Dropped> dropped = new ArrayList<>();
        List<TargetResult.Refused> refused = new ArrayList<>();
        for (ScrapeJob job : jobs) {
            for (Target target : ofJob(job, files, dropped, refused)) {
                active.putIfAbsent(target.key(), target);
            }
        }
        return new TargetSet(active, dropped, refused);
    }

    private static List<Target> ofJob(
            ScrapeJob job,
            TargetFileWatch files,
            List<TargetResult.Dropped> dropped,
            List<TargetResult.Refused> refused) {
        List<TargetGroup> groups = new ArrayList<>(job.groups());
        for (TargetFiles file : job.files()) {
            groups.addAll(files.groups(file));
        }
        List<Target> targets = new ArrayList<>();
        for (TargetGroup group : groups) {
            for (String address : group.addresses()) {
                switch (TargetRelabelling.relabel(job, group, address)) {
                    case TargetResult.Active(var target) -> targets.add(target);
                    case TargetResult.Dropped result -> addUpToLimit(dropped, result);
                    case TargetResult.Refused result -> addUpToLimit(refused, result);
                }
            }
        }
        int limit = job.limits().targets();
        if (limit > 0 && targets.size() > limit) {
            addUpToLimit(refused, overLimit(job, targets));
            return List.of();
        }
        return targets;
    }

    private static TargetResult.Refused overLimit(ScrapeJob job, List<Target> targets) {
        return new TargetResult.Refused(
                job.name(),
                targets.getFirst().discovered(),
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
