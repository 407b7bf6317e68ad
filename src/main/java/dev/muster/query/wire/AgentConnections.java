package dev.muster.query.wire;

import dev.muster.federation.tls.Tls;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Connections to agents: one to each, over HTTP/2, that carries streams and questions side by
/// side. Thread-safe.
public final class AgentConnections implements AutoCloseable {
    /*
     * Over TLS both sides agree on HTTP/2 by ALPN. In clear an agent is spoken to in HTTP/2 at once (RFC 9113, 3.3); where
     * that is not understood, as by a proxy of the older kind, HTTP/1.1 is spoken by several connections, and HTTP/2 is
     * tried again after a while.
     *
     * Flow control (RFC 9113, 5.2) has two windows: of a stream and of the connection. What a reader does not read fills
     * both, so that with windows of one size, as by default, one slow reader stops all others. Here the connection's window
     * holds those of 32 slow readers. That is also the most memory that an agent can fill.
     *
     * Vert.x opens a connection on the event loop of who asks, and a thread that is none gets one for good: all streams of
     * one follower would be read by one loop. So each agent has its loop here, by its name.
     */
    private static final int STREAM_WINDOW_BYTES = 1 << 20;
    private static final int CONNECTION_WINDOW_BYTES = 32 << 20;
    private static final int HTTP1_CONNECTIONS = 64;
    private static final int OLD_LIMIT = 10_000;

    /// Most event loops that read what agents send: each has buffers of its own.
    static final int LOOP_LIMIT = 8;

    /// Within which a connection must be there: a server that does not understand HTTP/2 may say
    /// nothing at all.
    private static final long HANDSHAKE_SECONDS = 5;

    private static final long CANCEL = 8;
    private static final long OLD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final HttpClient http2;
    private final HttpClient http1;
    private final List<ContextInternal> loops;

    /// Agents that did not understand HTTP/2, and when that was.
    private final Map<String, Long> old = new ConcurrentHashMap<>();

    /// @param tls for agents whose URL begins with `https`; absent for what the JDK trusts
    public AgentConnections(Vertx vertx, Duration connectTimeout, Optional<Tls> tls) {
        HttpClientOptions options =
                new HttpClientOptions()
                        .setConnectTimeout(Math.toIntExact(connectTimeout.toMillis()))
                        .setTcpKeepAlive(true);
        if (tls.isPresent()) {
            options.setTrustOptions(TrustOptions.wrap(tls.get().trust()));
            if (tls.get().config().serves()) {
                options.setKeyCertOptions(KeyCertOptions.wrap(tls.get().keys()));
            }
        }
        loops = loops(vertx);
        http1 = client(vertx, options);
        http2 =
                client(
                        vertx,
                        new HttpClientOptions(options)
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setUseAlpn(true)
                                .setHttp2ClearTextUpgrade(false)
                                .setInitialSettings(
                                        new Http2Settings()
                                                .setInitialWindowSize(STREAM_WINDOW_BYTES))
                                .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES));
    }

    private static List<ContextInternal> loops(Vertx vertx) {
        int count = Math.min(LOOP_LIMIT, Runtime.getRuntime().availableProcessors());
        return Stream.generate(((VertxInternal) vertx)::createEventLoopContext)
                .limit(count)
                .toList();
    }

    private static HttpClient client(Vertx vertx, HttpClientOptions options) {
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp2MaxSize(1).setHttp1MaxSize(HTTP1_CONNECTIONS))
                // what goes wrong fails the requests; Vert.x would log it beside that
                .withConnectHandler(connection -> connection.exceptionHandler(_ -> {}))
                .build();
    }

    /// A request that can be sent, when there is a connection; told on the agent's event loop.
    ///
    /// @throws IllegalArgumentException if the URL cannot be asked
    public Future<HttpClientRequest> request(HttpMethod method, URI url, MultiMap headers) {
        RequestOptions options =
                new RequestOptions()
                        .setMethod(method)
                        .setAbsoluteURI(url.toString())
                        .setHeaders(headers);
        String authority = String.valueOf(url.getAuthority());
        ContextInternal loop = loops.get(Math.floorMod(spread(authority), loops.size()));
        Promise<HttpClientRequest> promise = loop.promise();
        try {
            loop.runOnContext(_ -> ask(options, authority, promise));
        } catch (RejectedExecutionException e) {
            promise.fail(e); // the loops have ended
        }
        return promise.future();
    }

    private void ask(
            RequestOptions options, String authority, Promise<HttpClientRequest> answered) {
        try {
            var _ = ask(options, authority).onComplete(answered);
        } catch (RuntimeException e) {
            answered.fail(e);
        }
    }

    private static int spread(String authority) {
        int hash = authority.hashCode();
        return hash ^ (hash >>> 16);
    }

    private Future<HttpClientRequest> ask(RequestOptions options, String authority) {
        if (isOld(authority)) {
            return http1.request(options);
        }
        Future<HttpClientRequest> request = http2.request(options);
        if (Boolean.TRUE.equals(options.isSsl())) {
            return request;
        }
        Future<HttpClientRequest> inTime = request.timeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        var _ =
                request.onSuccess(opened -> {
                    if (inTime.failed()) {
                        // nobody waits for it any more: Vert.x would log it as an error
                        var _ = opened.exceptionHandler(_ -> {});
                        var _ = opened.reset(CANCEL);
                    }
                });
        return inTime.recover(failure -> older(options, authority, failure));
    }

    private Future<HttpClientRequest> older(
            RequestOptions options, String authority, Throwable failure) {
        if (failure instanceof ConnectException) {
            return Future.failedFuture(failure);
        }
        if (old.size() >= OLD_LIMIT) {
            old.clear();
        }
        return http1.request(options).onSuccess(_ -> old.put(authority, System.nanoTime()));
    }

    private boolean isOld(String authority) {
        Long since = old.get(authority);
        if (since == null) {
            return false;
        }
        if (System.nanoTime() - since > OLD_NANOS) {
            old.remove(authority, since);
            return false;
        }
        return true;
    }

    @Override
    public void close() {
        var _ = http2.close();
        var _ = http1.close();
    }
}
