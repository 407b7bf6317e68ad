package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.job.HttpAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Reads one answer in HTTP/1.1 (RFC 9112) off a connection that is closed after it. Confined to
/// one thread.
final class PlainHttpReader {
    private static final int BUFFER_BYTES = 16 << 10;

    @FunctionalInterface
    private interface Pieces {
        /// @return false for enough
        boolean take(byte[] bytes, int count) throws IOException;
    }

    private final ReadableByteChannel channel;
    private final Runnable progress;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private final Map<String, String> headers = new HashMap<>();
    private int status;

    /// @param progress is run whenever something came
    PlainHttpReader(ReadableByteChannel channel, Runnable progress) {
        this.channel = channel;
        this.progress = progress;
    }

    /// The answer with its body.
    HttpAnswer whole(long limitBytes) throws IOException {
        head();
        return new HttpAnswer(status, headers, collected(limitBytes));
    }

    /// The answer; a body of status 200 goes to `lines` as it comes.
    HttpAnswer lines(long limitBytes, LineSplitter lines) throws IOException {
        head();
        if (status != 200) {
            return new HttpAnswer(status, headers, collected(limitBytes));
        }
        boolean[] enough = {false};
        body((bytes, count) -> {
            progress.run();
            enough[0] = !lines.take(bytes, count);
            return !enough[0];
        });
        if (!enough[0]) {
            lines.end();
        }
        return new HttpAnswer(status, headers, new byte[0]);
    }

    private byte[] collected(long limitBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        body((bytes, count) -> {
            if (out.size() + count > limitBytes) {
                throw FetchException.overLimit(limitBytes);
            }
            out.write(bytes, 0, count);
            return true;
        });
        return out.toByteArray();
    }

    private void head() throws IOException {
        String[] first = line().split(" ", 3);
        if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("\\d{3}")) {
            throw notHttp("status line");
        }
        status = Integer.parseInt(first[1]);
        int bytes = 0;
        while (true) {
            String line = line();
            if (line.isEmpty()) {
                return;
            }
            bytes += line.length();
            int colon = line.indexOf(':');
            if (colon < 1 || bytes > HttpClients.HEADER_BYTES_LIMIT) {
                throw notHttp("header");
            }
            headers.putIfAbsent(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
    }

    private void body(Pieces out) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            chunks(out);
        } else if (headers.containsKey("content-length")) {
            copy(number(headers.getOrDefault("content-length", ""), 10), out);
        } else {
            while (fill()) {
                if (!drain(buffer.remaining(), out)) {
                    return;
                }
            }
        }
    }

    private void chunks(Pieces out) throws IOException {
        while (true) {
            String line = line();
            int semicolon = line.indexOf(';');
            long count = number(semicolon < 0 ? line : line.substring(0, semicolon), 16);
            if (count == 0 || !copy(count, out)) {
                return;
            }
            if (!line().isEmpty()) {
                throw notHttp("end of a chunk");
            }
        }
    }

    private boolean copy(long count, Pieces out) throws IOException {
        long left = count;
        while (left > 0) {
            if (!fill()) {
                throw new FetchException(
                        FetchFault.CLOSED, "connection closed before the body was complete");
            }
            int piece = (int) Math.min(left, buffer.remaining());
            left -= piece;
            if (!drain(piece, out)) {
                return false;
            }
        }
        return true;
    }

    private boolean drain(int count, Pieces out) throws IOException {
        byte[] piece = new byte[count];
        buffer.get(piece);
        return out.take(piece, count);
    }

    private static long number(String text, int radix) throws FetchException {
        try {
            long number = Long.parseLong(text.strip(), radix);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw notHttp("length");
        }
        throw notHttp("length");
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (!fill()) {
                throw new FetchException(FetchFault.CLOSED, "connection closed before a response");
            }
            byte b = buffer.get();
            if (b == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            }
            if (line.size() >= HttpClients.HEADER_BYTES_LIMIT) {
                throw notHttp("line");
            }
            line.write(b);
        }
    }

    /// Is there a byte to take?
    private boolean fill() throws IOException {
        if (buffer.hasRemaining()) {
            return true;
        }
        buffer.clear();
        int count = channel.read(buffer);
        buffer.flip();
        return count > 0;
    }

    private static FetchException notHttp(String what) {
        return new FetchException(FetchFault.PROTOCOL, "answer must be HTTP: wrong " + what);
    }
}
