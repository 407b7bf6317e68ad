package dev.muster.agent.takeover;

import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.discovery.TargetOrigin;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.Place;
import dev.muster.agent.scrape.job.ScrapeJob;
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
        ScrapeProfile profile = target.profile();
        Endpoint.Http endpoint = target.endpoint().orElseThrow();
        ScrapeJob job =
                new ScrapeJob(
                        profile.job(),
                        profile.timing(),
                        endpoint.tls() ? "https" : "http",
                        endpoint.uri(),
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
                target.labels(),
                Labels.EMPTY,
                endpoint,
                profile.timing(),
                target.info());
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
