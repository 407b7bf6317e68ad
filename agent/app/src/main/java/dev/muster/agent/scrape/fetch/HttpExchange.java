package dev.muster.agent.scrape.fetch;

/// How a fetch over HTTP went, as far as it came. No secrets are in it.
///
/// @param status of the last response; 0 if there was none
/// @param contentType of the last response; empty if there was none
/// @param contentEncoding of the last response; empty if there was none
/// @param protocol of the last response, such as `HTTP/1.1`; empty if there was none
/// @param wireBytes bytes of the body as received
/// @param redirects followed
/// @param url of the last request, after redirects
/// @param remoteAddress address and port that the last request went to, the proxy's if there is
///   one; empty without a connection
/// @param connectNanos until there was a connection, new or kept; -1 if there was none
/// @param firstByteNanos until there was the head of a response; -1 if there was none
/// @param totalNanos until the end
public record HttpExchange(
        int status,
        String contentType,
        String contentEncoding,
        String protocol,
        long wireBytes,
        int redirects,
        String url,
        String remoteAddress,
        long connectNanos,
        long firstByteNanos,
        long totalNanos) {}
