package dev.muster.agent.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A response as a stream for a thread that may block: it writes chunk by chunk and waits until the
/// connection has taken each, so a slow client costs one chunk of memory. Confined to one thread.
final class ResponseStream extends OutputStream {
    private static final int CHUNK_BYTES = 64 << 10;

    /// How long a client may take for one chunk.
    private static final long CHUNK_SECONDS = 30;

    private final HttpServerResponse response;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int size;
    private long total;

    ResponseStream(HttpServerResponse response) {
        this.response = response;
    }

    long totalBytes() {
        return total + size;
    }

    @Override
    public void write(int b) throws IOException {
        if (size == chunk.length) {
            send();
        }
        chunk[size++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (size == chunk.length) {
                send();
            }
            int count = Math.min(left, chunk.length - size);
            System.arraycopy(bytes, from, chunk, size, count);
            size += count;
            from += count;
            left -= count;
        }
    }

    @Override
    public void flush() throws IOException {
        if (size > 0) {
            send();
        }
    }

    private void send() throws IOException {
        Buffer buffer = Buffer.buffer(size).appendBytes(chunk, 0, size);
        total += size;
        size = 0;
        try {
            response.write(buffer)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(CHUNK_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("client left: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException("client took no data for seconds=" + CHUNK_SECONDS, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sending", e);
        }
    }
}
