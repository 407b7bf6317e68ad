package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.discovery.Endpoint;
import dev.muster.agent.scrape.file.PrometheusDuration;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One exchange over HTTP: connection, request, redirects, body. Its sink hears exactly one end.
/// Confined to the event loop of its context, but for [#abort].
final class HttpFetch {
    static final int REDIRECT_LIMIT = 10;

    private enum Phase {
        OPENING("reading credentials"),
        CONNECTING("connecting"),
        WAITING("waiting for a response"),
        RECEIVING("receiving");

        final String text;

        Phase(String text) {
            this.text = text;
        }
    }

    private final Vertx vertx;
    private final Context context;
    private final HttpOrder order;
    private final HttpSink sink;
    private final LongSupplier nanoTime;
    private final long startNanos;

    private Endpoint.Http endpoint;
    private @Nullable OpenedAccess access;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private Phase phase = Phase.OPENING;
    private String remoteAddress = "";

    /// No timer yet; 0 is a timer of somebody.
    private long timer = -1;

    private long connectNanos = -1;
    private long firstByteNanos = -1;
    private long wireBytes;
    private int redirects;
    private boolean retried;
    private boolean finished;

    HttpFetch(Vertx vertx, Context context, HttpOrder order, HttpSink sink, LongSupplier nanoTime) {
        this.vertx = vertx;
        this.context = context;
        this.order = order;
        this.sink = sink;
        this.nanoTime = nanoTime;
        startNanos = nanoTime.getAsLong();
        endpoint = order.endpoint();
    }

    /// Starts the clock of the exchange. Called on the event loop.
    void begin() {
        restartTimer();
    }

    /// Sends the request. Called on the event loop.
    void send(OpenedAccess opened) {
        access = opened;
        send();
    }

    /// Ends it from any thread.
    void abort(FetchException why) {
        context.runOnContext(_ -> fail(why));
    }

    /// Lets the body come that the sink did not want yet, from any thread.
    void flow() {
        context.runOnContext(_ -> {
            HttpClientResponse body = response;
            if (body != null && !finished) {
                body.resume();
                restartTimer();
            }
        });
    }

    private void restartTimer() {
        vertx.cancelTimer(timer);
        timer =
                vertx.setTimer(
                        order.timeoutMs(),
                        _ -> fail(new FetchException(FetchFault.TIMEOUT, timeoutReason())));
    }

    private void send() {
        if (finished) {
            return;
        }
        phase = Phase.CONNECTING;
        OpenedAccess opened = Objects.requireNonNull(access);
        RequestOptions options;
        try {
            options = options(opened);
            opened.client(endpoint.tls()).request(options).onComplete(this::connected);
        } catch (RuntimeException e) {
            fail(HttpReasons.of(e));
        }
    }

    private RequestOptions options(OpenedAccess opened) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(order.headers());
        if (HttpOrder.sameHost(endpoint, order.endpoint())) {
            headers.addAll(opened.headers());
        }
        RequestOptions options =
                new RequestOptions()
                        .setMethod(order.form() == null ? HttpMethod.GET : HttpMethod.POST)
                        .setSsl(endpoint.tls())
                        .setHost(endpoint.host())
                        .setPort(endpoint.port())
                        .setURI(endpoint.uri())
                        .setHeaders(headers)
                        .setProxyOptions(
                                opened.proxies()
                                        .to(endpoint.tls(), endpoint.host(), endpoint.port()));
        String serverName = opened.access().tls().serverName();
        if (endpoint.tls() && !serverName.isEmpty()) {
            options.setHost(serverName)
                    .setServer(SocketAddress.inetSocketAddress(endpoint.port(), endpoint.host()));
        }
        return options;
    }

    private void connected(AsyncResult<HttpClientRequest> result) {
        if (result.failed()) {
            fail(unanswered(result.cause()));
            return;
        }
        HttpClientRequest made = result.result();
        if (finished) {
            made.reset();
            return;
        }
        request = made;
        phase = Phase.WAITING;
        connectNanos = connectNanos < 0 ? sinceStart() : connectNanos;
        // told by the request, too: without a handler each would be logged
        made.connection().exceptionHandler(_ -> {});
        remoteAddress = String.valueOf(made.connection().remoteAddress(true));
        made.authority(HostAndPort.create(endpoint.host(), endpoint.port()));
        @Nullable Buffer form = order.form();
        (form == null ? made.send() : made.send(form)).onComplete(this::responded);
    }

    private void responded(AsyncResult<HttpClientResponse> result) {
        if (finished) {
            return;
        }
        if (result.failed()) {
            // a kept connection that the target closed just now is no failure of the target
            if (HttpReasons.closesConnection(result.cause()) && !retried) {
                retried = true;
                send();
            } else {
                fail(unanswered(result.cause()));
            }
            return;
        }
        HttpClientResponse head = result.result();
        response = head;
        firstByteNanos = firstByteNanos < 0 ? sinceStart() : firstByteNanos;
        // what comes after an exchange has ended is of no interest
        head.exceptionHandler(_ -> {});
        if (isRedirect(head.statusCode()) && order.followRedirects()) {
            redirect(head);
        } else {
            receive(head);
        }
    }

    /// A server that refuses a client's certificate says so, if at all, by closing.
    private FetchException unanswered(Throwable cause) {
        FetchException why = HttpReasons.of(cause);
        return endpoint.tls() && why.fault() == FetchFault.CLOSED
                ? new FetchException(
                        FetchFault.CLOSED,
                        why.reason() + ", as a server does that wants a client certificate",
                        cause)
                : why;
    }

    private void receive(HttpClientResponse head) {
        phase = Phase.RECEIVING;
        if (head.statusCode() == 401 && access != null) {
            access.refused();
        }
        try {
            sink.head(head);
        } catch (FetchException e) {
            fail(e);
            return;
        }
        head.exceptionHandler(cause -> fail(cut(cause)));
        head.handler(this::take);
        head.endHandler(_ -> succeed());
        if (order.stream()) {
            restartTimer();
        }
    }

    private void take(Buffer piece) {
        if (finished) {
            return;
        }
        wireBytes += piece.length();
        boolean more;
        try {
            more = sink.take(piece);
        } catch (FetchException e) {
            fail(e);
            return;
        }
        if (!more && response != null) {
            response.pause();
            vertx.cancelTimer(timer);
        } else if (order.stream()) {
            restartTimer();
        }
    }

    private void succeed() {
        if (!finished) {
            finished = true;
            vertx.cancelTimer(timer);
            sink.end(exchange());
        }
    }

    private void fail(FetchException why) {
        if (finished) {
            return;
        }
        finished = true;
        vertx.cancelTimer(timer);
        // closes the connection without waiting for the rest; the future tells only that it did
        if (request != null) {
            request.reset();
        }
        sink.fail(why.fault(), why.reason(), exchange());
    }

    private void redirect(HttpClientResponse head) {
        @Nullable String location = head.getHeader(HttpHeaders.LOCATION);
        if (location == null) {
            fail(
                    redirectFault(
                            "http status="
                                    + head.statusCode()
                                    + " must have a location: found=none"));
            return;
        }
        String shown = HttpReasons.shown(location);
        if (redirects++ >= REDIRECT_LIMIT) {
            fail(
                    redirectFault(
                            "redirects must be at most "
                                    + REDIRECT_LIMIT
                                    + ": last location="
                                    + shown));
            return;
        }
        try {
            endpoint = HttpOrder.redirected(endpoint, location);
        } catch (IllegalArgumentException e) {
            fail(
                    redirectFault(
                            "redirect must lead to an http or https address: location=" + shown));
            return;
        }
        if (request != null) {
            request.reset();
            request = null;
        }
        response = null;
        send();
    }

    private static FetchException redirectFault(String reason) {
        return new FetchException(FetchFault.REDIRECT, reason);
    }

    private FetchException cut(Throwable cause) {
        return cause instanceof HttpClosedException
                ? new FetchException(
                        FetchFault.CLOSED,
                        "connection closed before the body was complete: received bytes="
                                + wireBytes)
                : HttpReasons.of(cause);
    }

    private String timeoutReason() {
        String after = PrometheusDuration.format(Duration.ofMillis(order.timeoutMs()));
        return phase == Phase.RECEIVING
                ? "timeout after=" + after + ", received bytes=" + wireBytes
                : "timeout after=" + after + ", while " + phase.text;
    }

    private long sinceStart() {
        return nanoTime.getAsLong() - startNanos;
    }

    private HttpExchange exchange() {
        @Nullable HttpClientResponse head = response;
        return new HttpExchange(
                head == null ? 0 : head.statusCode(),
                header(head, HttpHeaders.CONTENT_TYPE),
                header(head, HttpHeaders.CONTENT_ENCODING),
                head == null ? "" : protocol(head.version()),
                wireBytes,
                Math.min(redirects, REDIRECT_LIMIT),
                endpoint.url(),
                remoteAddress,
                connectNanos,
                firstByteNanos,
                sinceStart());
    }

    private static String header(@Nullable HttpClientResponse head, CharSequence name) {
        @Nullable String value = head == null ? null : head.getHeader(name);
        return value == null ? "" : HttpReasons.shown(value);
    }

    private static String protocol(HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> "HTTP/1.0";
            case HTTP_1_1 -> "HTTP/1.1";
            case HTTP_2 -> "HTTP/2";
        };
    }

    private static boolean isRedirect(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }
}
