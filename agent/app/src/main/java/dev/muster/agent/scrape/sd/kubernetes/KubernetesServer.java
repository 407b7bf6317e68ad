package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.job.HttpAccess;
import java.net.URI;

/// Where the API of a cluster is.
///
/// @param uri its address
/// @param access credentials and the like
public record KubernetesServer(URI uri, HttpAccess access) {
    public KubernetesServer {
        String scheme = uri.getScheme();
        if (uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException(
                    "api server must be an http or https address with a host: found=" + uri);
        }
    }
}
