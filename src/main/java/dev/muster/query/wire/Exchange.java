package dev.muster.query.wire;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// One request and its answer. What is told by the connection comes on one event loop; the rest by
/// any thread.
final class Exchange<T> {
    private static final long CANCEL = 8;

    /// Of connections that were kept, more than one may have been closed at once.
    private static final int ATTEMPTS = 3;

    /// Opens a request on a connection, a new one or one that was kept.
    @FunctionalInterface
    interface Opener {
        Future<HttpClientRequest> request(HttpMethod method, URI url, MultiMap headers);
    }

    private final Vertx vertx;
    private final HttpRequest request;
    private final HttpResponse.BodyHandler<T> handler;
    private final boolean repeats;
    private final CompletableFuture<HttpResponse<T>> response = new CompletableFuture<>();
    private volatile @Nullable HttpClientRequest sent;
    private volatile boolean ended;
    private volatile boolean begun;
    private final AtomicInteger attempts = new AtomicInteger();
    private long timer = -1;

    /// @param repeats whether it may be sent twice
    Exchange(
            Vertx vertx,
            HttpRequest request,
            HttpResponse.BodyHandler<T> handler,
            boolean repeats) {
        this.vertx = vertx;
        this.request = request;
        this.handler = handler;
        this.repeats = repeats;
    }

    CompletableFuture<HttpResponse<T>> response() {
        return response;
    }

    void begin(Opener connections) {
        request.timeout()
                .ifPresent(limit ->
                        timer =
                                vertx.setTimer(
                                        Math.max(1, limit.toMillis()),
                                        _ -> fail(new HttpTimeoutException("request timed out"))));
        open(connections, body());
    }

    private void open(Opener connections, Buffer body) {
        int attempt = attempts.incrementAndGet();
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        request.headers().map().forEach(headers::add);
        try {
            var _ =
                    connections
                            .request(HttpMethod.valueOf(request.method()), request.uri(), headers)
                            .onFailure(failure -> broken(attempt, body, connections, failure))
                            .onSuccess(opened -> send(attempt, opened, body, connections));
        } catch (RuntimeException e) {
            fail(new IOException("url=" + request.uri() + " must be one of an agent", e));
        }
    }

    private Buffer body() {
        Buffer body = Buffer.buffer();
        request.bodyPublisher().ifPresent(publisher -> publisher.subscribe(new Collector(body)));
        return body;
    }

    private void send(int attempt, HttpClientRequest opened, Buffer body, Opener connections) {
        sent = opened;
        opened.exceptionHandler(failure -> broken(attempt, body, connections, failure));
        if (ended) {
            var _ = opened.reset(CANCEL);
            return;
        }
        var _ =
                opened.response()
                        .onFailure(failure -> broken(attempt, body, connections, failure))
                        .onSuccess(this::answered);
        var _ = body.length() == 0 ? opened.end() : opened.end(body);
    }

    /// A connection that others used before may be closed just when this comes, before the request
    /// is on it or after: then a question is asked again, by another one, as the agent's own
    /// fetches are. Agents answer alike when they are asked twice.
    private void broken(int attempt, Buffer body, Opener connections, Throwable failure) {
        if (attempt != attempts.get()) {
            return; // asked again already
        }
        if (repeats && attempt < ATTEMPTS && !begun && !ended && endsConnection(failure)) {
            sent = null;
            open(connections, body);
        } else {
            fail(failure);
        }
    }

    /// Whether the other side ended the connection: in order, or by a reset, which is what is seen
    /// of an end to which something was sent before it was read.
    private static boolean endsConnection(Throwable failure) {
        String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return failure instanceof HttpClosedException
                || (failure instanceof IOException
                        && (text.contains("reset") || text.contains("broken pipe")));
    }

    private void answered(HttpClientResponse answer) {
        begun = true;
        endTimer();
        Info info = new Info(answer.statusCode(), headers(answer), version(answer.version()));
        BodySubscriber<T> subscriber = handler.apply(info);
        Context context = vertx.getOrCreateContext();
        answer.pause();
        answer.handler(chunk -> {
            if (!ended) {
                subscriber.onNext(List.of(ByteBuffer.wrap(chunk.getBytes())));
            }
        });
        answer.endHandler(_ -> {
            ended = true;
            subscriber.onComplete();
        });
        answer.exceptionHandler(failure -> {
            if (!ended) {
                ended = true;
                subscriber.onError(ioException(failure));
            }
        });
        subscriber.onSubscribe(
                new Flow.Subscription() {
                    @Override
                    public void request(long pieces) {
                        context.runOnContext(_ -> answer.fetch(pieces));
                    }

                    @Override
                    public void cancel() {
                        reset();
                    }
                });
        var _ =
                subscriber
                        .getBody()
                        .whenComplete((body, failure) -> {
                            if (failure != null) {
                                fail(failure);
                            } else {
                                response.complete(new Answer<>(request, info, body));
                            }
                        });
    }

    private static HttpHeaders headers(HttpClientResponse answer) {
        Map<String, List<String>> headers = new HashMap<>();
        answer.headers()
                .forEach(header ->
                        headers.computeIfAbsent(header.getKey(), _ -> new ArrayList<>())
                                .add(header.getValue()));
        return HttpHeaders.of(headers, (_, _) -> true);
    }

    private static Version version(HttpVersion version) {
        return version == HttpVersion.HTTP_2 ? Version.HTTP_2 : Version.HTTP_1_1;
    }

    /// Ends it with a failure, unless it has ended.
    void fail(Throwable failure) {
        endTimer();
        response.completeExceptionally(ioException(failure));
        reset();
    }

    private void reset() {
        if (!ended) {
            ended = true;
            HttpClientRequest opened = sent;
            if (opened != null) {
                var _ = opened.reset(CANCEL);
            }
        }
    }

    private void endTimer() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
    }

    private static IOException ioException(Throwable failure) {
        return switch (failure) {
            case ConnectTimeoutException e ->
                    new HttpConnectTimeoutException("connection timed out");
            case IOException e -> e;
            default ->
                    new IOException(
                            failure.getMessage() == null
                                    ? failure.getClass().getSimpleName()
                                    : failure.getMessage(),
                            failure);
        };
    }

    /// Takes all pieces of a request's body at once.
    private record Collector(Buffer body) implements Flow.Subscriber<ByteBuffer> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer piece) {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            body.appendBytes(bytes);
        }

        @Override
        public void onError(Throwable failure) {
            throw new IllegalArgumentException("body must be in memory", failure);
        }

        @Override
        public void onComplete() {}
    }

    private record Info(int statusCode, HttpHeaders headers, Version version)
            implements HttpResponse.ResponseInfo {}

    private record Answer<T>(HttpRequest request, Info info, T body) implements HttpResponse<T> {
        @Override
        public int statusCode() {
            return info.statusCode();
        }

        @Override
        public Optional<HttpResponse<T>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public HttpHeaders headers() {
            return info.headers();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            return request.uri();
        }

        @Override
        public Version version() {
            return info.version();
        }
    }
}
