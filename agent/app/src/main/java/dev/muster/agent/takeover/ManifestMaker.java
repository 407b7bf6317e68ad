package dev.muster.agent.takeover;

import dev.muster.agent.runs.JobView;
import dev.muster.agent.runs.RunTargets;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.ProxyAccess;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.TlsAccess;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the manifest of an agent's targets.
final class ManifestMaker {
    private final String cell;
    private final String host;

    ManifestMaker(String cell, String host) {
        this.cell = cell;
        this.host = host;
    }

    /// @param runs jobs that announced themselves
    Manifest make(
            Collection<Target> targets,
            List<JobView> runs,
            Map<String, String> external,
            Reach reach) {
        Map<ScrapeProfile, ScrapeProfile> profiles = new HashMap<>();
        List<ManifestTarget> all = new ArrayList<>();
        Optional<ManifestJobs> jobs = Optional.empty();
        int omitted = 0;
        for (Target target : targets) {
            if (target.endpoint() instanceof Endpoint.Kept(var path)) {
                if (path.equals(RunTargets.PATH) && !runs.isEmpty()) {
                    jobs = Optional.of(jobs(target, runs));
                }
                // all else goes with its agent: nobody else could tell it
                continue;
            }
            if (all.size() == Manifest.TARGETS_LIMIT) {
                omitted++;
                continue;
            }
            ScrapeProfile profile = profile(target);
            ScrapeProfile same = profiles.putIfAbsent(profile, profile);
            Reach.Answer answer = reach.of(target);
            all.add(
                    new ManifestTarget(
                            same == null ? profile : same,
                            target.labels(),
                            target.info(),
                            answer.endpoint(),
                            target.key().hashCode(),
                            answer.reason()));
        }
        return new Manifest(cell, host, external, all, omitted, jobs);
    }

    private static ManifestJobs jobs(Target target, List<JobView> runs) {
        List<JobView> first =
                runs.stream()
                        .sorted(Comparator.comparing(job -> !job.isWatched()))
                        .limit(ManifestJobs.LIMIT)
                        .toList();
        return new ManifestJobs(
                target.timing(),
                target.labels(),
                target.key().hashCode(),
                first,
                runs.size() - first.size());
    }

    private static ScrapeProfile profile(Target target) {
        ScrapeJob job = target.job();
        HttpAccess access = job.access();
        return new ScrapeProfile(
                job.name(),
                target.timing(),
                withoutTargets(job.limits()),
                job.formats(),
                job.rules(),
                new ScrapeProfile.PlainHttp(
                        access.followRedirects(),
                        access.compression(),
                        access.http2(),
                        access.tls().insecureSkipVerify(),
                        access.tls().serverName()),
                isPlain(access) ? "" : job.name());
    }

    /// What limits the targets of a job does not concern one target.
    private static ScrapeLimits withoutTargets(ScrapeLimits limits) {
        return new ScrapeLimits(
                limits.bodySizeBytes(),
                limits.samples(),
                limits.labels(),
                limits.labelNameLength(),
                limits.labelValueLength(),
                0,
                limits.histogramBuckets(),
                limits.histogramBucketFactor(),
                0);
    }

    /// Can a request be made without a secret, a file or a proxy?
    private static boolean isPlain(HttpAccess access) {
        TlsAccess tls = access.tls();
        return access.credentials() instanceof Credentials.None
                && access.headers().isEmpty()
                && access.proxy().equals(ProxyAccess.NONE)
                && tls.ca().isEmpty()
                && tls.cert().isEmpty()
                && tls.key().isEmpty()
                && tls.oldest() == TlsAccess.DEFAULT.oldest()
                && tls.newest() == TlsAccess.DEFAULT.newest();
    }
}
