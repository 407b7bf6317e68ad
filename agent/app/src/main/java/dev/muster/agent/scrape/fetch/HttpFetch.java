package dev.muster.agent.scrape.fetch;

import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.scrape.file.PrometheusDuration;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One fetch over HTTP: request, redirects, body. Ends with exactly one result. Confined to the
/// event loop that starts it.
final class HttpFetch {
    static final int REDIRECT_LIMIT = 10;

    private final Vertx vertx;
    private final HttpClient client;
    private final HttpFetchOptions options;
    private final BodyPool pool;
    private final Consumer<FetchResult> done;
    private final long timer;

    private RequestOptions current;
    private @Nullable HttpClientRequest request;
    private @Nullable BodyBuffer buffer;
    private ExpositionFormat format = ExpositionFormat.PROMETHEUS_TEXT;
    private boolean gzip;
    private int redirects;
    private boolean retried;
    private boolean finished;

    private HttpFetch(
            Vertx vertx,
            HttpClient client,
            HttpFetchOptions options,
            RequestOptions first,
            BodyPool pool,
            Consumer<FetchResult> done) {
        this.vertx = vertx;
        this.client = client;
        this.options = options;
        this.pool = pool;
        this.done = done;
        current = first;
        timer = vertx.setTimer(options.timeoutMs(), _ -> fail(FetchFault.TIMEOUT, timeoutReason()));
    }

    static void start(
            Vertx vertx,
            HttpClient client,
            HttpFetchOptions options,
            RequestOptions first,
            BodyPool pool,
            Consumer<FetchResult> done) {
        new HttpFetch(vertx, client, options, first, pool, done).send();
    }

    private void send() {
        client.request(current).onComplete(this::connected);
    }

    private void connected(AsyncResult<HttpClientRequest> result) {
        if (result.failed()) {
            fail(fault(result.cause()), reason(result.cause()));
            return;
        }
        HttpClientRequest made = result.result();
        if (finished) {
            abort(made);
            return;
        }
        request = made;
        made.send().onComplete(this::responded);
    }

    private void responded(AsyncResult<HttpClientResponse> result) {
        if (finished) {
            return;
        }
        if (result.failed()) {
            // a kept connection that the target closed just now is no failure of the target
            if (result.cause() instanceof HttpClosedException && !retried) {
                retried = true;
                send();
            } else {
                fail(fault(result.cause()), reason(result.cause()));
            }
            return;
        }
        HttpClientResponse response = result.result();
        int status = response.statusCode();
        if (isRedirect(status) && options.followRedirects()) {
            redirect(response);
        } else if (status != 200) {
            fail(FetchFault.STATUS, "http status=" + status + " " + response.statusMessage());
        } else {
            receive(response);
        }
    }

    private void receive(HttpClientResponse response) {
        format =
                ExpositionFormat.of(
                        response.getHeader(HttpHeaders.CONTENT_TYPE),
                        ExpositionFormat.PROMETHEUS_TEXT);
        @Nullable String encoding = response.getHeader(HttpHeaders.CONTENT_ENCODING);
        gzip = encoding != null && encoding.equalsIgnoreCase("gzip");
        if (!gzip && encoding != null && !encoding.equalsIgnoreCase("identity")) {
            fail(
                    FetchFault.ENCODING,
                    "content encoding must be gzip or identity: found=" + encoding);
            return;
        }
        buffer = pool.acquire();
        if (buffer == null) {
            fail(FetchFault.BODY_MEMORY, String.valueOf(overBudget(pool).getMessage()));
            return;
        }
        response.exceptionHandler(cause -> fail(fault(cause), cutReason(cause)));
        response.handler(this::take);
        response.endHandler(_ -> succeed());
    }

    private void take(Buffer chunk) {
        BodyBuffer body = buffer;
        if (finished || body == null) {
            return;
        }
        long limit = options.bodyLimitBytes();
        if (limit > 0 && (long) body.length + chunk.length() > limit) {
            fail(FetchFault.BODY_SIZE, String.valueOf(overLimit(limit).getMessage()));
        } else if (!pool.reserve(body, chunk.length())) {
            fail(FetchFault.BODY_MEMORY, String.valueOf(overBudget(pool).getMessage()));
        } else {
            chunk.getBytes(body.bytes, body.length);
            body.length += chunk.length();
        }
    }

    private void succeed() {
        BodyBuffer body = buffer;
        if (!finished && body != null) {
            finished = true;
            vertx.cancelTimer(timer);
            buffer = null;
            done.accept(new FetchResult.Received(format, body, pool, gzip));
        }
    }

    private void fail(FetchFault fault, String why) {
        if (finished) {
            return;
        }
        finished = true;
        vertx.cancelTimer(timer);
        if (buffer != null) {
            pool.release(buffer);
            buffer = null;
        }
        if (request != null) {
            abort(request);
        }
        done.accept(new FetchResult.Failed(fault, why, Optional.empty()));
    }

    private void redirect(HttpClientResponse response) {
        @Nullable String location = response.getHeader(HttpHeaders.LOCATION);
        if (location == null) {
            fail(
                    FetchFault.REDIRECT,
                    "http status=" + response.statusCode() + " must have a location: found=none");
            return;
        }
        if (redirects++ >= REDIRECT_LIMIT) {
            fail(
                    FetchFault.REDIRECT,
                    "redirects must be at most " + REDIRECT_LIMIT + ": last location=" + location);
            return;
        }
        try {
            current = options.redirected(current, location);
        } catch (IllegalArgumentException e) {
            fail(
                    FetchFault.REDIRECT,
                    "redirect must lead to an http or https address: location=" + location);
            return;
        }
        if (request != null) {
            abort(request);
            request = null;
        }
        send();
    }

    /// Closes the connection without waiting for the rest; the future tells only that it did.
    private static void abort(HttpClientRequest made) {
        made.reset();
    }

    private String timeoutReason() {
        String after = PrometheusDuration.format(Duration.ofMillis(options.timeoutMs()));
        BodyBuffer body = buffer;
        return "timeout after=" + after + (body == null ? "" : ", received bytes=" + body.length);
    }

    private String cutReason(Throwable cause) {
        BodyBuffer body = buffer;
        return cause instanceof HttpClosedException
                ? "connection closed before the body was complete: received bytes="
                        + (body == null ? 0 : body.length)
                : reason(cause);
    }

    static String reason(Throwable cause) {
        return switch (cause) {
            case NoRouteToHostException _ -> "no route to host";
            case ConnectException _ -> "connection refused";
            case UnknownHostException e -> "host not found: " + e.getMessage();
            case HttpClosedException _ -> "connection closed before a response";
            case SSLException e -> "tls failed: " + e.getMessage();
            case IOException e -> "connection failed: " + e.getMessage();
            default -> "fetch failed: " + cause;
        };
    }

    static FetchFault fault(Throwable cause) {
        return switch (cause) {
            case ConnectException _ -> FetchFault.CONNECT;
            case UnknownHostException _ -> FetchFault.HOST_NOT_FOUND;
            case HttpClosedException _ -> FetchFault.CLOSED;
            case SSLException _ -> FetchFault.TLS;
            case IOException _ -> FetchFault.CONNECT;
            default -> FetchFault.OTHER;
        };
    }

    static IOException overLimit(long limitBytes) {
        return new IOException("body_size_limit exceeded: limitBytes=" + limitBytes);
    }

    static IOException overBudget(BodyPool pool) {
        return new IOException("memory for bodies is used up: budgetBytes=" + pool.budgetBytes());
    }

    private static boolean isRedirect(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }
}
