package dev.muster.agent.api;

import dev.muster.federation.view.CellView;
import dev.muster.federation.view.CellViewCodec;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Supplier;

/// Sends the view of the cell to one client until it leaves: at once, then after a change, at most
/// every [#STEP_MS], and at least every [#KEEP_ALIVE_MS]. A frame is its length as four bytes,
/// highest first, and the bytes of the view. Confined to the event loop of its connection.
final class CellStream {
    static final long STEP_MS = 250;
    static final long KEEP_ALIVE_MS = 1_000;

    private final Vertx vertx;
    private final Supplier<CellView> view;
    private final HttpServerResponse response;
    private final ApiMetrics metrics;
    private final CellViewCodec codec = new CellViewCodec();

    /// No timer yet; 0 is a timer of somebody.
    private long timer = -1;

    private long sentVersion = -1;
    private long sinceSentMs;

    CellStream(
            Vertx vertx, Supplier<CellView> view, HttpServerResponse response, ApiMetrics metrics) {
        this.vertx = vertx;
        this.view = view;
        this.response = response;
        this.metrics = metrics;
    }

    void start() {
        metrics.streams.incrementAndGet();
        response.setChunked(true);
        response.putHeader("Content-Type", "application/octet-stream");
        response.exceptionHandler(_ -> {});
        response.closeHandler(_ -> stop());
        send(view.get());
        timer = vertx.setPeriodic(STEP_MS, _ -> step());
    }

    private void step() {
        sinceSentMs += STEP_MS;
        // a client that does not read gets the newest view when it does
        if (response.closed() || response.writeQueueFull()) {
            return;
        }
        CellView now = view.get();
        if (now.version() != sentVersion || sinceSentMs >= KEEP_ALIVE_MS) {
            send(now);
        }
    }

    private void send(CellView now) {
        byte[] bytes = codec.encode(now);
        response.write(Buffer.buffer(bytes.length + 4).appendInt(bytes.length).appendBytes(bytes));
        metrics.cellFrames.increment();
        sentVersion = now.version();
        sinceSentMs = 0;
    }

    private void stop() {
        vertx.cancelTimer(timer);
        metrics.streams.decrementAndGet();
    }
}
