package dev.muster.query.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The body of an answer as a stream for a thread that may block. A small body is sent whole with
/// its length; a large one goes out in pieces, no faster than the client takes them. Confined to
/// one thread.
final class ResponseStream extends OutputStream {
    private static final int PIECE_BYTES = 64 * 1_024;

    /// What may wait for the client, so that the next pieces are made while it takes these.
    private static final int QUEUE_BYTES = 8 * PIECE_BYTES;

    private static final long LOOK_MS = 100;

    private final HttpServerResponse response;
    private final CallBudget budget;
    private final long patienceNanos;
    private final Semaphore drained = new Semaphore(0);
    private Buffer piece = Buffer.buffer(4_096);
    private boolean started;

    /// @param patienceNanos how long a client may take nothing before it is given up
    ResponseStream(HttpServerResponse response, CallBudget budget, long patienceNanos) {
        this.response = response;
        this.budget = budget;
        this.patienceNanos = patienceNanos;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        piece.appendBytes(bytes, offset, length);
        if (piece.length() >= PIECE_BYTES) {
            send();
        }
    }

    /// Sends the rest and ends the answer. An answer that breaks before must not be ended: it would
    /// look like a whole one.
    void end() throws IOException {
        requireClient();
        var _ = response.end(piece);
    }

    private void send() throws IOException {
        if (!started) {
            response.setChunked(true);
            response.setWriteQueueMaxSize(QUEUE_BYTES);
            response.drainHandler(ignored -> drained.release());
            started = true;
        }
        awaitRoom();
        var _ = response.write(piece);
        piece = Buffer.buffer(PIECE_BYTES + 16 * 1_024);
    }

    private void awaitRoom() throws IOException {
        requireClient();
        long startNanos = System.nanoTime();
        while (response.writeQueueFull()) {
            try {
                var _ = drained.tryAcquire(LOOK_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while the client was slow", e);
            }
            requireClient();
            if (System.nanoTime() - startNanos > patienceNanos) {
                response.reset();
                throw new IOException("client took nothing for too long");
            }
        }
    }

    private void requireClient() throws IOException {
        if (budget.cancelled() || response.closed()) {
            throw new IOException("client has left");
        }
    }
}
