package dev.muster.agent.services.registry;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/// Who may register. Without a token that is any program of this host, and no page in a browser:
/// those send an `Origin`, or a `Host` that is not this one's when a name was bound anew to reach
/// it.
///
/// @param loopback does the agent listen on loopback alone?
/// @param token asked of everybody; empty for none
public record CallerRule(boolean loopback, Optional<String> token) {
    /// What is known of a caller; empty text for a header that is absent.
    ///
    /// @param remote did it come from another host?
    /// @param host header `Host`
    /// @param origin header `Origin`
    /// @param fetchSite header `Sec-Fetch-Site`
    /// @param token what it showed
    public record Caller(
            boolean remote, String host, String origin, String fetchSite, String token) {
        @Override
        public String toString() {
            return "Caller[remote=" + remote + ", host=" + host + ", origin=" + origin + "]";
        }
    }

    /// Why a caller may not; empty if it may.
    public String refusal(Caller caller) {
        if (token.isPresent()) {
            return same(token.get(), caller.token())
                    ? ""
                    : "a token must be shown as Authorization: Bearer, and be that of"
                            + " muster.services.token";
        }
        if (!loopback) {
            return "muster.services.token must be set before services can register, because"
                    + " muster.http.host is not loopback";
        }
        if (caller.remote()) {
            return "services must register from this host";
        }
        if (!caller.origin().isEmpty() || !caller.fetchSite().isEmpty()) {
            return "services must not register from a browser: Origin or Sec-Fetch-Site was sent";
        }
        return isLoopbackName(caller.host())
                ? ""
                : "Host must be localhost or a loopback address: found=" + cut(caller.host());
    }

    private static boolean same(String expected, String found) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), found.getBytes(StandardCharsets.UTF_8));
    }

    /// Is that `localhost` or a loopback address?
    public static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.matches("127(\\.[0-9]{1,3}){3}")
                || host.equals("::1")
                || host.equals("[::1]");
    }

    private static boolean isLoopbackName(String header) {
        try {
            String host = URI.create("http://" + header).getHost();
            return host != null && isLoopback(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String cut(String text) {
        return text.length() <= 128 ? text : text.substring(0, 128) + "…";
    }

    @Override
    public String toString() {
        return "CallerRule[loopback="
                + loopback
                + ", token="
                + (token.isPresent() ? "set" : "none")
                + "]";
    }
}
