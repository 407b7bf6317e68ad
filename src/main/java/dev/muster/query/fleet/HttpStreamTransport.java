package dev.muster.query.fleet;

import dev.muster.federation.follow.StreamTransport;
import dev.muster.query.wire.AgentConnections;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Streams over HTTP/2, in clear or with TLS as the agent's URL says; over HTTP/1.1 where an agent,
/// or something before it, does not speak the newer one. What else is asked of the agent may go by
/// the same connection. Thread-safe.
public final class HttpStreamTransport implements StreamTransport, AutoCloseable {
    private static final String STREAM = "/api/v1/cell/stream";
    private static final String ONCE = "/api/v1/cell/delta";

    /// How long the other end of a connection may take to show that it lives.
    private static final long PATIENCE_MS = 2_000;

    private static final int PING_BYTES = 8;

    private final AgentConnections connections;
    private final ReadClock clock = new ReadClock();

    /// @param connections which others may use too; closed with this
    public HttpStreamTransport(AgentConnections connections) {
        this.connections = connections;
    }

    @Override
    public Connection open(String agentUrl, Kind kind, byte[] subscribe, Receiver receiver) {
        var call = new Call(receiver, clock);
        try {
            var _ =
                    connections
                            .request(
                                    HttpMethod.POST,
                                    URI.create(agentUrl + (kind == Kind.STREAM ? STREAM : ONCE)),
                                    MultiMap.caseInsensitiveMultiMap())
                            .onFailure(call::failed)
                            .onSuccess(request -> call.send(request, subscribe));
        } catch (IllegalArgumentException e) {
            call.failed(e);
        }
        return call;
    }

    @Override
    public void close() {
        connections.close();
    }

    /// One request and what comes of it.
    private static final class Call implements Connection {
        private final Receiver receiver;
        private final FrameSplitter splitter = new FrameSplitter();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final ReadClock clock;
        private volatile ReadClock.@Nullable Loop loop;
        private volatile boolean closed;
        private volatile @Nullable HttpClientRequest request;

        Call(Receiver receiver, ReadClock clock) {
            this.receiver = receiver;
            this.clock = clock;
        }

        /// Before its connection is there, it is not known which loop will read it.
        @Override
        public long readMs(long nowMs) {
            ReadClock.Loop reading = loop;
            return reading == null ? nowMs : reading.readMs(nowMs);
        }

        void send(HttpClientRequest opened, byte[] subscribe) {
            request = opened;
            loop = clock.current();
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

        /// Others may use the connection, too: it is given up with the stream only if nothing comes
        /// back by it any more.
        @Override
        public void close() {
            closed = true;
            HttpClientRequest opened = request;
            if (opened == null) {
                return;
            }
            var _ = opened.reset();
            HttpConnection connection = opened.connection();
            if (connection != null && opened.version() == HttpVersion.HTTP_2) {
                var _ =
                        connection
                                .ping(Buffer.buffer(new byte[PING_BYTES]))
                                .timeout(PATIENCE_MS, TimeUnit.MILLISECONDS)
                                .onFailure(_ -> connection.close());
            } else if (connection != null) {
                var _ = connection.close();
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
