package dev.muster.query.fleet;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// Addresses of agents.
public final class Urls {
    private Urls() {}

    /// The URL of an agent, without a slash at its end; empty unless it is `http` or `https` with a
    /// host.
    public static Optional<URI> parse(String text) {
        String trimmed = text.strip();
        while (trimmed.endsWith("/")) {
            trimmed = trimmed.substring(0, trimmed.length() - 1);
        }
        try {
            URI url = new URI(trimmed);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return http && url.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
