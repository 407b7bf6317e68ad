package dev.muster.agent.scrape.job;

import java.util.List;
import java.util.Map;

/// How a job's requests are authorised. Secrets do not appear in `toString`.
public sealed interface Credentials {
    /// No `Authorization` header.
    record None() implements Credentials {}

    /// User and password.
    record Basic(Secret username, Secret password) implements Credentials {}

    /// A scheme, such as `Bearer`, and its credentials.
    record Token(String type, Secret credentials) implements Credentials {}

    /// A token that a server hands out for the credentials of a client (RFC 6749, section 4.4).
    ///
    /// @param tokenUrl address of that server
    /// @param scopes asked for
    /// @param endpointParams sent with the request besides
    /// @param tls of the connection to it
    /// @param proxy of the connection to it
    record OAuth2(
            String clientId,
            Secret clientSecret,
            String tokenUrl,
            List<String> scopes,
            Map<String, String> endpointParams,
            TlsAccess tls,
            ProxyAccess proxy)
            implements Credentials {
        public OAuth2 {
            scopes = List.copyOf(scopes);
            endpointParams = Map.copyOf(endpointParams);
        }

        @Override
        public String toString() {
            return "OAuth2[clientId=" + clientId + ", tokenUrl=" + tokenUrl + "]";
        }
    }
}
