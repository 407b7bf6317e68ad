package dev.muster.federation.follow;

import java.net.URI;
import java.net.URISyntaxException;

/// Addresses of agents.
final class Urls {
    private Urls() {}

    /// Whether this is `http` or `https` with a host.
    static boolean isUrl(String text) {
        if (!text.startsWith("http://") && !text.startsWith("https://")) {
            return false;
        }
        try {
            return new URI(text).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
