package dev.muster.agent.takeover;

import dev.muster.agent.scrape.job.ScrapeFormats;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.scrape.job.SeriesRules;

/// How targets of a job are scraped, as far as another agent can know it: no secret is in it.
///
/// @param job name of the job
/// @param timing when
/// @param limits of a scrape
/// @param formats asked for, and what becomes of histograms and names
/// @param rules for scraped series
/// @param http what is plain about requests
/// @param credential name of the job whose credentials, certificates, headers or proxy a request
///   needs: an agent that has a job of that name uses its own. Empty where it needs none
record ScrapeProfile(
        String job,
        ScrapeTiming timing,
        ScrapeLimits limits,
        ScrapeFormats formats,
        SeriesRules rules,
        PlainHttp http,
        String credential) {
    /// What is said about requests without secrets.
    ///
    /// @param followRedirects false makes a redirect a failed scrape
    /// @param compression asks for compressed bodies
    /// @param http2 speaks HTTP/2 over TLS where the server does
    /// @param insecureSkipVerify trusts any certificate
    /// @param serverName name that the certificate must be for; empty for the host
    record PlainHttp(
            boolean followRedirects,
            boolean compression,
            boolean http2,
            boolean insecureSkipVerify,
            String serverName) {}

    ScrapeProfile {
        if (job.isEmpty()) {
            throw new IllegalArgumentException("job name must not be empty");
        }
    }
}
