package dev.muster.agent.scrape.job;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// A request that waits for its answer.
///
/// @param uri `http` or `https`, with path and query
/// @param unixSocket connects there, whatever host the address names
/// @param access credentials, TLS, proxies and the like
/// @param headers sent beside those of `access`
/// @param timeout for the whole
/// @param bodyLimitBytes most bytes of the body, inflated; positive
public record HttpQuestion(
        URI uri,
        Optional<Path> unixSocket,
        HttpAccess access,
        Map<String, String> headers,
        Duration timeout,
        long bodyLimitBytes) {
    public HttpQuestion {
        headers = Map.copyOf(headers);
        if (bodyLimitBytes <= 0 || !timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "request must have limits: timeout="
                            + timeout
                            + ", bodyLimitBytes="
                            + bodyLimitBytes);
        }
    }
}
