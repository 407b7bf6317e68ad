package dev.muster.agent.scrape.fetch;

import java.util.Locale;

/// Kinds of reasons why a fetch brought no body.
public enum FetchFault {
    /// The agent is being stopped.
    STOPPING,
    /// The host exporter of this process failed.
    HOST_EXPORTER,
    /// A file with a password, token or certificate cannot be read, or an OAuth 2 server gave no
    /// token.
    CREDENTIALS,
    /// The name of the host has no address.
    HOST_NOT_FOUND,
    /// Nobody listens: the host said so, or reset the connection.
    REFUSED,
    /// There is no way to the host, or to its socket.
    CONNECT,
    /// No TLS connection came about.
    TLS,
    /// The proxy refused.
    PROXY,
    /// The connection closed before the body was whole.
    CLOSED,
    /// The answer is not HTTP, or its head is too large.
    PROTOCOL,
    /// The status is not 200.
    STATUS,
    /// Too many redirects, or one that leads nowhere.
    REDIRECT,
    /// The whole scrape took too long.
    TIMEOUT,
    /// The body is larger than the job allows.
    BODY_SIZE,
    /// All bodies together are larger than the agent allows.
    BODY_MEMORY,
    /// The body's compression is not known, or it is damaged.
    ENCODING,
    /// The body is in no format that the job asks for.
    CONTENT_TYPE,
    /// Anything else.
    OTHER;

    /// Value of the label `reason`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
