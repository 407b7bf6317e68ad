package dev.muster.agent.scrape.sd.http;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.sd.RefreshingDiscovery;
import java.net.URI;
import java.time.Duration;

/// An entry of `http_sd_configs`.
///
/// @param url answers with a list of target groups in JSON
/// @param access credentials and the like
/// @param refreshInterval from an answer to the next question
public record HttpTargets(URI url, HttpAccess access, Duration refreshInterval)
        implements DiscoverySettings {
    public HttpTargets {
        String scheme = url.getScheme();
        if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException(
                    "url must be an http or https address with a host: found=" + url);
        }
    }

    @Override
    public String kind() {
        return "http";
    }

    @Override
    public Discovery open(DiscoveryContext context) {
        HttpTargetsQuestion question = new HttpTargetsQuestion(this, context.http());
        return RefreshingDiscovery.start(
                kind(), url.toString(), refreshInterval, question, context);
    }
}
