package dev.muster.agent.api;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.stream.CellPublisher;
import dev.muster.federation.stream.HintSource;
import dev.muster.federation.stream.StreamCodec;
import dev.muster.federation.stream.StreamFrame;
import dev.muster.federation.stream.StreamSession;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/// Tells clients of the cell: `/api/v1/cell/stream` all that changes, `POST /api/v1/cell/delta`
/// what differs now. The body of a `POST` says what the client has; a `GET` has nothing.
/// Thread-safe.
final class CellStreams {
    private static final int STREAM_LIMIT = 64;

    /// A client that knows 1,024 hosts and their hints says so in less.
    private static final int BODY_LIMIT = 64 << 10;

    private final Vertx vertx;
    private final ApiMetrics metrics;
    private final CellPublisher publisher;
    private final HintSource hints;
    private final StreamCodec codec = new StreamCodec();

    CellStreams(Vertx vertx, CellPublisher publisher, HintSource hints, ApiMetrics metrics) {
        this.vertx = vertx;
        this.publisher = publisher;
        this.hints = hints;
        this.metrics = metrics;
    }

    void stream(HttpServerRequest request) {
        if (metrics.streams.get() >= STREAM_LIMIT) {
            metrics.refusedBusy.increment();
            Answers.text(request.response(), 503, "streams must be at most " + STREAM_LIMIT);
            return;
        }
        subscribed(request, CellStream::start);
    }

    void delta(HttpServerRequest request) {
        subscribed(request, CellStream::once);
    }

    private void subscribed(HttpServerRequest request, Consumer<CellStream> then) {
        if (request.method().equals(HttpMethod.GET)) {
            then.accept(stream(request, StreamFrame.Subscribe.NOTHING));
            return;
        }
        LimitedBody.read(request, BODY_LIMIT, metrics, body -> subscribed(body, request, then));
    }

    private void subscribed(byte[] body, HttpServerRequest request, Consumer<CellStream> then) {
        try {
            if (!(codec.decode(body) instanceof StreamFrame.Subscribe subscribe)) {
                throw new FrameException("frame must say what the client has");
            }
            then.accept(stream(request, subscribe));
        } catch (FrameException e) {
            metrics.refusedBody.increment();
            Answers.text(request.response(), 400, String.valueOf(e.getMessage()));
        }
    }

    private CellStream stream(HttpServerRequest request, StreamFrame.Subscribe subscribe) {
        var session = new StreamSession(publisher, hints, subscribe);
        return new CellStream(vertx, session, request.response(), metrics);
    }
}
