package dev.muster.agent.scrape.fetch;

import dev.muster.agent.exposition.BodyFormat;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ScrapeNegotiation;
import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.job.HttpAccess;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Fetches the body of one target over HTTP.
final class HttpSource implements BodySource {
    private final HttpExchanges exchanges;
    private final BodyPool pool;
    private final HttpAccess access;
    private final ScrapeNegotiation negotiation;
    private final long bodyLimitBytes;
    private final HttpOrder order;

    HttpSource(HttpExchanges exchanges, BodyPool pool, Target target, Endpoint.Http endpoint) {
        this.exchanges = exchanges;
        this.pool = pool;
        access = target.job().access();
        negotiation = target.job().formats().negotiation();
        bodyLimitBytes = target.job().limits().bodySizeBytes();
        long timeoutMs = target.timing().timeoutMs();
        order =
                new HttpOrder(
                        endpoint,
                        headers(timeoutMs),
                        null,
                        access.followRedirects(),
                        timeoutMs,
                        false);
    }

    private MultiMap headers(long timeoutMs) {
        return MultiMap.caseInsensitiveMultiMap()
                .set(HttpHeaders.ACCEPT, negotiation.acceptHeader())
                .set(
                        HttpHeaders.ACCEPT_ENCODING,
                        access.compression() ? BodyEncoding.ACCEPTED : "identity")
                .set(HttpHeaders.USER_AGENT, HttpExchanges.USER_AGENT)
                .set(
                        "X-Prometheus-Scrape-Timeout-Seconds",
                        String.format(Locale.ROOT, "%.3f", timeoutMs / 1000.0));
    }

    @Override
    public void fetch(Consumer<FetchResult> done) {
        exchanges.start(order, access, new Body(done));
    }

    /// Receives one body.
    private final class Body implements HttpSink {
        private final Consumer<FetchResult> done;
        private ExpositionFormat format = ExpositionFormat.PROMETHEUS_TEXT;
        private String warning = "";
        private BodyEncoding encoding = BodyEncoding.IDENTITY;
        private @Nullable BodyBuffer buffer;

        Body(Consumer<FetchResult> done) {
            this.done = done;
        }

        @Override
        public void head(HttpClientResponse response) throws FetchException {
            int status = response.statusCode();
            if (status != 200) {
                throw new FetchException(
                        FetchFault.STATUS,
                        "http status="
                                + status
                                + " "
                                + HttpReasons.shown(response.statusMessage()));
            }
            switch (negotiation.bodyFormat(response.getHeader(HttpHeaders.CONTENT_TYPE))) {
                case BodyFormat.Readable(var readable, var odd) -> {
                    format = readable;
                    warning = odd;
                }
                case BodyFormat.Refused(var reason, var hint) ->
                        throw new FetchException(FetchFault.CONTENT_TYPE, reason + "; " + hint);
            }
            encoding = BodyEncoding.of(response.getHeader(HttpHeaders.CONTENT_ENCODING));
            buffer = pool.acquire();
            if (buffer == null) {
                throw FetchException.overBudget(pool);
            }
        }

        @Override
        public boolean take(Buffer piece) throws FetchException {
            BodyBuffer body = buffer;
            if (body == null) {
                return true;
            }
            if (bodyLimitBytes > 0 && (long) body.length + piece.length() > bodyLimitBytes) {
                throw FetchException.overLimit(bodyLimitBytes);
            }
            if (!pool.reserve(body, piece.length())) {
                throw FetchException.overBudget(pool);
            }
            piece.getBytes(body.bytes, body.length);
            body.length += piece.length();
            return true;
        }

        @Override
        public void end(HttpExchange exchange) {
            BodyBuffer body = buffer;
            buffer = null;
            if (body != null) {
                done.accept(
                        new FetchResult.Received(format, warning, body, pool, encoding, exchange));
            }
        }

        @Override
        public void fail(FetchFault fault, String reason, HttpExchange exchange) {
            if (buffer != null) {
                pool.release(buffer);
                buffer = null;
            }
            done.accept(new FetchResult.Failed(fault, reason, Optional.of(exchange)));
        }
    }
}
