package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.HttpAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Hands the pieces of a long answer from its event loop to the thread that asked. The connection
/// waits while too much of it lies in between.
final class BlockingStream implements HttpSink {
    private static final long WAITING_BYTES_LIMIT = 1 << 20;

    private sealed interface Event {
        record Head(int status, Map<String, String> headers) implements Event {}

        record Piece(byte[] bytes) implements Event {}

        record End() implements Event {}

        record Failure(FetchException why) implements Event {}
    }

    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();

    private BlockingStream() {}

    /// Sends, and hands on the lines of an answer with status 200. Not for an event loop.
    ///
    /// @param limitBytes most bytes of an answer with another status
    static HttpAnswer send(
            HttpExchanges exchanges,
            HttpOrder order,
            HttpAccess access,
            long limitBytes,
            LineSplitter lines)
            throws IOException, InterruptedException {
        BlockingStream stream = new BlockingStream();
        HttpFetch fetch = exchanges.start(order, access, stream);
        boolean whole = false;
        try {
            HttpAnswer answer = stream.read(fetch, limitBytes, lines);
            whole = true;
            return answer;
        } finally {
            if (!whole) {
                fetch.abort(new FetchException(FetchFault.STOPPING, "no more wanted"));
            }
        }
    }

    private HttpAnswer read(HttpFetch fetch, long limitBytes, LineSplitter lines)
            throws IOException, InterruptedException {
        ByteArrayOutputStream other = new ByteArrayOutputStream();
        int status = 0;
        Map<String, String> headers = Map.of();
        while (true) {
            switch (events.take()) {
                case Event.Head(var code, var fields) -> {
                    status = code;
                    headers = fields;
                }
                case Event.Piece(var bytes) -> {
                    taken(fetch, bytes.length);
                    if (status == 200) {
                        if (!lines.take(bytes, bytes.length)) {
                            fetch.abort(new FetchException(FetchFault.STOPPING, "enough"));
                            return new HttpAnswer(status, headers, new byte[0]);
                        }
                    } else if (other.size() + bytes.length > limitBytes) {
                        throw FetchException.overLimit(limitBytes);
                    } else {
                        other.write(bytes);
                    }
                }
                case Event.End _ -> {
                    lines.end();
                    return new HttpAnswer(status, headers, other.toByteArray());
                }
                case Event.Failure(var why) -> throw why;
            }
        }
    }

    private void taken(HttpFetch fetch, int bytes) {
        long before = waitingBytes.getAndAdd(-bytes);
        if (before > WAITING_BYTES_LIMIT && before - bytes <= WAITING_BYTES_LIMIT) {
            fetch.flow();
        }
    }

    @Override
    public void head(HttpClientResponse response) throws FetchException {
        if (BodyEncoding.of(response.getHeader(HttpHeaders.CONTENT_ENCODING))
                != BodyEncoding.IDENTITY) {
            throw new FetchException(
                    FetchFault.ENCODING, "content encoding of a stream must be identity");
        }
        Map<String, String> headers = new HashMap<>();
        BlockingCall.readHeaders(response, headers);
        events.add(new Event.Head(response.statusCode(), headers));
    }

    @Override
    public boolean take(Buffer piece) {
        events.add(new Event.Piece(piece.getBytes()));
        long before = waitingBytes.getAndAdd(piece.length());
        return before + piece.length() <= WAITING_BYTES_LIMIT;
    }

    @Override
    public void end(HttpExchange exchange) {
        events.add(new Event.End());
    }

    @Override
    public void fail(FetchFault fault, String reason, HttpExchange exchange) {
        events.add(new Event.Failure(new FetchException(fault, reason)));
    }
}
