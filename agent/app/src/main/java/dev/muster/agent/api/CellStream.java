package dev.muster.agent.api;

import dev.muster.federation.stream.StreamSession;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Sends what changes in the cell to one client until it leaves. A frame is its length as four
/// bytes, highest first, and its bytes. Confined to the event loop of its connection.
final class CellStream {
    private final Vertx vertx;
    private final StreamSession session;
    private final HttpServerResponse response;
    private final ApiMetrics metrics;

    /// No timer yet; 0 is a timer of somebody.
    private long timer = -1;

    CellStream(
            Vertx vertx, StreamSession session, HttpServerResponse response, ApiMetrics metrics) {
        this.vertx = vertx;
        this.session = session;
        this.response = response;
        this.metrics = metrics;
    }

    /// Sends until the client leaves.
    void start() {
        metrics.streams.incrementAndGet();
        head();
        response.closeHandler(_ -> stop());
        send(session.step(nowMs()));
        timer = vertx.setPeriodic(StreamSession.STEP_MS, _ -> step());
    }

    /// Sends what differs now, and ends.
    void once() {
        head();
        send(session.step(nowMs()));
        var _ = response.end();
    }

    private void head() {
        response.setChunked(true);
        response.putHeader("Content-Type", "application/vnd.muster.cell-stream");
        response.exceptionHandler(_ -> {});
    }

    private void step() {
        // a client that does not read gets the newest state when it does
        if (response.closed() || response.writeQueueFull()) {
            return;
        }
        send(session.step(nowMs()));
    }

    private void send(List<byte[]> frames) {
        for (byte[] frame : frames) {
            var _ =
                    response.write(
                            Buffer.buffer(frame.length + 4)
                                    .appendInt(frame.length)
                                    .appendBytes(frame));
            metrics.cellFrames.increment();
            metrics.cellFrameBytes.add(frame.length);
        }
    }

    private void stop() {
        vertx.cancelTimer(timer);
        metrics.streams.decrementAndGet();
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
