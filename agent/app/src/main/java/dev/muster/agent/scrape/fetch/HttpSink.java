package dev.muster.agent.scrape.fetch;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/// Takes the answer of an exchange, on the event loop of the exchange: a head and its pieces, then
/// exactly one end, which may come before a head.
interface HttpSink {
    /// The head of the last response, after redirects.
    ///
    /// @throws FetchException ends the exchange
    void head(HttpClientResponse response) throws FetchException;

    /// A piece of the body.
    ///
    /// @return false to wait with the next one until [HttpFetch#flow]
    /// @throws FetchException ends the exchange
    boolean take(Buffer piece) throws FetchException;

    /// The body is whole.
    void end(HttpExchange exchange);

    /// There is no whole body.
    void fail(FetchFault fault, String reason, HttpExchange exchange);
}
