package dev.muster.agent.scrape.fetch;

import dev.muster.agent.scrape.job.HttpAnswer;
import dev.muster.agent.scrape.job.HttpQuestion;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// Requests to servers on this host that listen on a socket in the file system. One connection for
/// each request. Thread-safe.
final class UnixSockets {
    private final Vertx vertx;

    UnixSockets(Vertx vertx) {
        this.vertx = vertx;
    }

    HttpAnswer get(HttpQuestion question, Path socket) throws IOException {
        return exchange(question, socket, answer -> answer.whole(question.bodyLimitBytes()));
    }

    HttpAnswer lines(HttpQuestion question, Path socket, LineSplitter lines) throws IOException {
        return exchange(question, socket, answer -> answer.lines(question.bodyLimitBytes(), lines));
    }

    @FunctionalInterface
    private interface Reading {
        HttpAnswer read(PlainHttpReader answer) throws IOException;
    }

    private HttpAnswer exchange(HttpQuestion question, Path socket, Reading reading)
            throws IOException {
        long timeoutMs = question.timeout().toMillis();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Watchdog watchdog = new Watchdog(channel, timeoutMs);
            watchdog.restart();
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                ByteBuffer request = ByteBuffer.wrap(request(question));
                while (request.hasRemaining()) {
                    channel.write(request);
                }
                return reading.read(new PlainHttpReader(channel, watchdog::restart));
            } catch (AsynchronousCloseException e) {
                throw new FetchException(
                        FetchFault.TIMEOUT, "timeout after=" + timeoutMs + "ms", e);
            } catch (FetchException e) {
                throw e;
            } catch (IOException e) {
                throw new FetchException(
                        e instanceof ConnectException ? FetchFault.REFUSED : FetchFault.CONNECT,
                        "socket must answer: socket=" + socket + ", " + e.getMessage(),
                        e);
            } finally {
                watchdog.stop();
            }
        }
    }

    private static byte[] request(HttpQuestion question) {
        String query = question.uri().getRawQuery();
        String path = question.uri().getRawPath();
        StringBuilder head = new StringBuilder("GET ").append(path.isEmpty() ? "/" : path);
        if (query != null) {
            head.append('?').append(query);
        }
        head.append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nUser-Agent: ")
                .append(HttpExchanges.USER_AGENT)
                .append("\r\n");
        question.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Closes a connection that is silent for too long.
    private final class Watchdog {
        private final SocketChannel channel;
        private final long timeoutMs;
        private final AtomicLong timer = new AtomicLong(-1);

        Watchdog(SocketChannel channel, long timeoutMs) {
            this.channel = channel;
            this.timeoutMs = timeoutMs;
        }

        void restart() {
            vertx.cancelTimer(timer.getAndSet(vertx.setTimer(timeoutMs, _ -> close())));
        }

        void stop() {
            vertx.cancelTimer(timer.get());
        }

        private void close() {
            try {
                channel.close();
            } catch (IOException e) {
                System.getLogger(UnixSockets.class.getName())
                        .log(System.Logger.Level.DEBUG, "socket not closed", e);
            }
        }
    }
}
