package dev.muster.agent.takeover;

import dev.muster.agent.runs.JobView;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.model.labels.Labels;
import java.util.List;

/// The jobs that announced themselves to an agent, and how their series are told.
///
/// @param timing of the target that tells of them
/// @param labels of that target
/// @param spread what its ticks are spread by
/// @param jobs those with a schedule or an expected duration first
/// @param omitted jobs that found no place
record ManifestJobs(
        ScrapeTiming timing, Labels labels, int spread, List<JobView> jobs, int omitted) {
    /// Most jobs of a manifest.
    static final int LIMIT = 512;

    ManifestJobs {
        jobs = List.copyOf(jobs);
        if (omitted < 0 || jobs.size() > LIMIT) {
            throw new IllegalArgumentException(
                    "manifest must have at most "
                            + LIMIT
                            + " jobs and omit none or more: jobs="
                            + jobs.size()
                            + ", omitted="
                            + omitted);
        }
    }

    /// The same with the first jobs only.
    ManifestJobs first(int count) {
        return new ManifestJobs(
                timing, labels, spread, jobs.subList(0, count), omitted + jobs.size() - count);
    }
}
