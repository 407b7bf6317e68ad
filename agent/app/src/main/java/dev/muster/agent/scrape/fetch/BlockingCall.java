package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.HttpAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Waits for the whole answer of an exchange, whatever its status.
final class BlockingCall implements HttpSink {
    /*
     * Received and inflated body are held at once, each in an array that doubles as it grows.
     */
    private static final int BUDGET_FACTOR = 4;
    private static final int BUDGET_FLOOR = 64 << 10;

    private final BodyPool pool;
    private final long limitBytes;
    private final CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
    private final Map<String, String> headers = new HashMap<>();
    private int status;
    private BodyEncoding encoding = BodyEncoding.IDENTITY;
    private @Nullable BoundedBody body;
    private @Nullable BodyBuffer buffer;

    private BlockingCall(long limitBytes) {
        this.limitBytes = limitBytes;
        pool = new BodyPool(Math.addExact(BUDGET_FLOOR, BUDGET_FACTOR * limitBytes));
    }

    /// Sends and waits. Not for an event loop.
    ///
    /// @param limitBytes most bytes of the body, inflated
    /// @throws FetchException if there is no whole answer
    static HttpAnswer send(
            HttpExchanges exchanges, HttpOrder order, HttpAccess access, long limitBytes)
            throws FetchException, InterruptedException {
        BlockingCall call = new BlockingCall(limitBytes);
        HttpFetch fetch = exchanges.start(order, access, call);
        try {
            return call.answer.get();
        } catch (InterruptedException e) {
            fetch.abort(new FetchException(FetchFault.STOPPING, "interrupted"));
            throw e;
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    static FetchException failure(ExecutionException e) {
        return e.getCause() instanceof FetchException known
                ? new FetchException(known.fault(), known.reason(), known)
                : new FetchException(FetchFault.OTHER, "fetch failed: " + e.getCause(), e);
    }

    static void readHeaders(HttpClientResponse response, Map<String, String> into) {
        response.headers().forEach(header -> into.putIfAbsent(header.getKey(), header.getValue()));
    }

    @Override
    public void head(HttpClientResponse response) throws FetchException {
        status = response.statusCode();
        readHeaders(response, headers);
        encoding = BodyEncoding.of(response.getHeader(HttpHeaders.CONTENT_ENCODING));
        buffer = pool.acquire();
        if (buffer == null) {
            throw FetchException.overBudget(pool);
        }
        body = new BoundedBody(pool, buffer, limitBytes);
    }

    @Override
    public boolean take(Buffer piece) throws FetchException {
        if (body != null) {
            body.append(piece.getBytes(), piece.length());
        }
        return true;
    }

    @Override
    public void end(HttpExchange exchange) {
        BodyBuffer received = buffer;
        if (received == null) {
            return;
        }
        try (BodyInflater inflater = new BodyInflater(pool)) {
            BodyBuffer whole =
                    encoding == BodyEncoding.IDENTITY
                            ? received
                            : inflater.inflate(
                                    encoding, received.bytes, received.length, limitBytes);
            answer.complete(
                    new HttpAnswer(status, headers, Arrays.copyOf(whole.bytes, whole.length)));
        } catch (IOException e) {
            answer.completeExceptionally(e);
        }
    }

    @Override
    public void fail(FetchFault fault, String reason, HttpExchange exchange) {
        answer.completeExceptionally(new FetchException(fault, reason));
    }
}
