package dev.muster.agent.takeover;

import dev.muster.agent.runs.RunTargets;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.discovery.TargetOrigin;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.Place;
import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeJob;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.SeriesRules;
import dev.muster.agent.scrape.job.TlsAccess;
import dev.muster.model.labels.Labels;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes targets of a manifest that this agent can scrape, with credentials of its own where one
/// needs some.
final class ForeignJobs {
    static final String NO_CREDENTIAL = "unprobeable: this agent has no credentials of job=";

    private final List<ScrapeJob> own;
    private final Place place;

    /// @param own jobs of this agent
    /// @param host the lost peer
    ForeignJobs(List<ScrapeJob> own, String host) {
        this.own = List.copyOf(own);
        place = new Place("takeover of " + host, 0);
    }

    /// Why the target cannot be scraped by this agent; empty if it can.
    String refusal(ManifestTarget target) {
        if (target.endpoint().isEmpty()) {
            return target.unprobeable();
        }
        String credential = target.profile().credential();
        return credential.isEmpty() || ownAccess(credential).isPresent()
                ? ""
                : NO_CREDENTIAL + credential;
    }

    private Optional<HttpAccess> ownAccess(String job) {
        return own.stream()
                .filter(other -> other.name().equals(job))
                .map(ScrapeJob::access)
                .findFirst();
    }

    /// @param target with an endpoint, and not refused
    Target target(ManifestTarget target) {
        Endpoint.Http endpoint = target.endpoint().orElseThrow();
        return target(
                target.profile(),
                endpoint.tls() ? "https" : "http",
                endpoint.uri(),
                target.labels(),
                endpoint,
                target.info());
    }

    /// The target that tells of the jobs that announced themselves to the lost peer.
    Target target(ManifestJobs jobs) {
        ScrapeProfile profile =
                new ScrapeProfile(
                        RunTargets.JOB,
                        jobs.timing(),
                        ScrapeLimits.NONE,
                        ScrapeFormats.KEPT,
                        SeriesRules.KEPT,
                        new ScrapeProfile.PlainHttp(false, false, false, false, ""),
                        "");
        return target(
                profile,
                "http",
                RunTargets.PATH,
                jobs.labels(),
                new Endpoint.Kept(RunTargets.PATH),
                Labels.EMPTY);
    }

    private Target target(
            ScrapeProfile profile,
            String scheme,
            String path,
            Labels labels,
            Endpoint endpoint,
            Labels info) {
        ScrapeJob job =
                new ScrapeJob(
                        profile.job(),
                        profile.timing(),
                        scheme,
                        path,
                        Map.of(),
                        access(profile),
                        profile.limits(),
                        profile.formats(),
                        profile.rules(),
                        List.of(),
                        List.of(),
                        place);
        return new Target(
                job,
                new TargetOrigin(profile.job(), "takeover", place, ""),
                labels,
                Labels.EMPTY,
                endpoint,
                profile.timing(),
                info);
    }

    private HttpAccess access(ScrapeProfile profile) {
        if (!profile.credential().isEmpty()) {
            return ownAccess(profile.credential()).orElseThrow();
        }
        HttpAccess plain = HttpAccess.DEFAULT;
        TlsAccess tls = plain.tls();
        ScrapeProfile.PlainHttp http = profile.http();
        return new HttpAccess(
                plain.credentials(),
                new TlsAccess(
                        tls.ca(),
                        tls.cert(),
                        tls.key(),
                        http.serverName(),
                        http.insecureSkipVerify(),
                        tls.oldest(),
                        tls.newest()),
                plain.proxy(),
                plain.headers(),
                http.followRedirects(),
                http.compression(),
                http.http2());
    }
}
