package dev.muster.query.fleet;

import dev.muster.federation.follow.StreamTransport;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Streams over HTTP/2, in clear or with TLS as the agent's URL says; over HTTP/1.1 where an agent,
/// or something before it, does not speak the newer one. Thread-safe.
public final class HttpStreamTransport implements StreamTransport, AutoCloseable {
    private static final String STREAM = "/api/v1/cell/stream";
    private static final String ONCE = "/api/v1/cell/delta";

    private final HttpClient client;

    /// @param connectTimeout for a connection; silence after it is watched by who follows
    public HttpStreamTransport(Vertx vertx, Duration connectTimeout) {
        client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setUseAlpn(true)
                                .setHttp2ClearTextUpgrade(true)
                                .setHttp2ClearTextUpgradeWithPreflightRequest(true)
                                .setConnectTimeout((int) connectTimeout.toMillis())
                                .setTcpKeepAlive(true));
    }

    @Override
    public Connection open(String agentUrl, Kind kind, byte[] subscribe, Receiver receiver) {
        var call = new Call(receiver);
        RequestOptions options =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(agentUrl + (kind == Kind.STREAM ? STREAM : ONCE));
        var _ =
                client.request(options)
                        .onFailure(call::failed)
                        .onSuccess(request -> call.send(request, subscribe));
        return call;
    }

    @Override
    public void close() {
        var _ = client.close();
    }

    /// One request and what comes of it.
    private static final class Call implements Connection {
        private final Receiver receiver;
        private final FrameSplitter splitter = new FrameSplitter();
        private final AtomicBoolean ended = new AtomicBoolean();
        private volatile boolean closed;
        private volatile @Nullable HttpClientRequest request;

        Call(Receiver receiver) {
            this.receiver = receiver;
        }

        void send(HttpClientRequest opened, byte[] subscribe) {
            request = opened;
            opened.exceptionHandler(this::failed);
            if (closed) {
                var _ = opened.reset();
                return;
            }
            var _ =
                    opened.putHeader("Content-Type", "application/vnd.muster.cell-stream")
                            .response()
                            .onFailure(this::failed)
                            .onSuccess(this::answered);
            var _ = opened.end(Buffer.buffer(subscribe));
        }

        private void answered(HttpClientResponse response) {
            if (response.statusCode() != 200) {
                end("status must be 200: found=" + response.statusCode());
                return;
            }
            response.exceptionHandler(this::failed);
            response.endHandler(_ -> end(splitter.inside() ? "stream ended inside a frame" : ""));
            response.handler(this::received);
        }

        private void received(Buffer chunk) {
            if (closed) {
                return;
            }
            try {
                splitter.add(chunk, receiver::received);
            } catch (IOException e) {
                end(String.valueOf(e.getMessage()));
                close();
            }
        }

        private void failed(Throwable failure) {
            end(reason(failure));
        }

        private void end(String reason) {
            if (ended.compareAndSet(false, true)) {
                receiver.ended(reason);
            }
        }

        /// A connection whose other end may be dead must not be taken again.
        @Override
        public void close() {
            closed = true;
            HttpClientRequest opened = request;
            if (opened != null) {
                var _ = opened.reset();
                if (opened.connection() != null) {
                    var _ = opened.connection().close();
                }
            }
        }

        private static String reason(Throwable failure) {
            if (failure instanceof ConnectException) {
                return "connection refused";
            }
            String message = failure.getMessage();
            return message == null ? failure.getClass().getSimpleName() : message;
        }
    }
}
