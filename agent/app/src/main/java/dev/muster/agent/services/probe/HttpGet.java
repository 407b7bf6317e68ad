package dev.muster.agent.services.probe;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLException;

/// Asks with one GET, without credentials, and reads the beginning of the answer. Follows nothing,
/// and over TLS takes whatever certificate is shown, as nothing is told to the other side. Blocks,
/// for no longer than it is allowed to. Thread-safe.
public final class HttpGet {
    private static final int HEAD_LIMIT_BYTES = 16 << 10;

    private final long timeLimitNanos;
    private final int bodyLimitBytes;
    private final LongSupplier nanoTime;

    /// @param timeLimitNanos for the whole
    /// @param bodyLimitBytes more than this is not read
    public HttpGet(long timeLimitNanos, int bodyLimitBytes, LongSupplier nanoTime) {
        this.timeLimitNanos = timeLimitNanos;
        this.bodyLimitBytes = bodyLimitBytes;
        this.nanoTime = nanoTime;
    }

    /// What came back.
    public sealed interface Answer {
        /// It speaks HTTP.
        ///
        /// @param type content type in lower case; empty for none
        /// @param body beginning of the body, inflated
        record Http(int status, String type, Body body) implements Answer {}

        /// It speaks something else.
        record NoHttp(String reason) implements Answer {}

        /// It gave no whole answer.
        record None(String reason) implements Answer {}
    }

    /// Bytes of a body. Not to be written to.
    public static final class Body {
        private final byte[] bytes;

        Body(byte[] bytes) {
            this.bytes = bytes;
        }

        public byte[] bytes() {
            return bytes;
        }
    }

    /// @param host address or name to connect to
    /// @param path path and query, without blanks
    /// @param accept value of the `Accept` header
    public Answer ask(boolean tls, String host, int port, String path, String accept) {
        long deadline = nanoTime.getAsLong() + timeLimitNanos;
        try (Socket plain = new Socket()) {
            plain.connect(
                    new InetSocketAddress(InetAddress.getByName(host), port), restMs(deadline));
            plain.setSoTimeout(restMs(deadline));
            try (Socket socket = tls ? wrap(plain, host, port) : plain) {
                socket.getOutputStream().write(request(host, port, path, accept));
                return read(new Timed(socket, deadline));
            }
        } catch (SSLException e) {
            return new Answer.NoHttp("does not speak TLS");
        } catch (SocketTimeoutException e) {
            return new Answer.None("no answer within " + timeLimitNanos / 1_000_000 + " ms");
        } catch (EOFException e) {
            return new Answer.None("connection closed without an answer");
        } catch (IOException e) {
            return new Answer.None(String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT));
        }
    }

    private static Socket wrap(Socket plain, String host, int port) throws IOException {
        return AnyCertificate.factory().createSocket(plain, host, port, false);
    }

    private static byte[] request(String host, int port, String path, String accept) {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return ("GET "
                        + path
                        + " HTTP/1.1\r\nHost: "
                        + name
                        + ":"
                        + port
                        + "\r\nUser-Agent: muster-agent\r\nAccept: "
                        + accept
                        + "\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private int restMs(long deadline) throws SocketTimeoutException {
        long rest = (deadline - nanoTime.getAsLong()) / 1_000_000;
        if (rest <= 0) {
            throw new SocketTimeoutException("time limit");
        }
        return (int) Math.min(rest, Integer.MAX_VALUE);
    }

    private Answer read(InputStream in) throws IOException {
        String line = line(in, true);
        if (!line.startsWith("HTTP/1.") || line.length() < 12) {
            return new Answer.NoHttp("does not speak HTTP");
        }
        int status = number(line.substring(9, 12));
        if (status < 100) {
            return new Answer.NoHttp("does not speak HTTP");
        }
        Head head = Head.read(in);
        return new Answer.Http(status, head.type, new Body(body(in, head)));
    }

    private byte[] body(InputStream in, Head head) throws IOException {
        byte[] body =
                head.chunked
                        ? chunks(in)
                        : in.readNBytes((int) Math.min(bodyLimitBytes, head.length));
        return head.gzip ? inflate(body) : body;
    }

    private static int number(String text) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (body.size() < bodyLimitBytes) {
            String size = line(in, false);
            int end = size.indexOf(';');
            int length;
            try {
                length = Integer.parseInt((end < 0 ? size : size.substring(0, end)).strip(), 16);
            } catch (NumberFormatException e) {
                throw new IOException("answers with chunks that have no size", e);
            }
            if (length <= 0) {
                break;
            }
            body.write(in.readNBytes(Math.min(length, bodyLimitBytes - body.size())));
            if (body.size() < bodyLimitBytes) {
                line(in, false);
            }
        }
        return body.toByteArray();
    }

    private byte[] inflate(byte[] body) throws IOException {
        byte[] inflated = new byte[bodyLimitBytes];
        int size = 0;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            int count;
            while (size < inflated.length
                    && (count = in.read(inflated, size, inflated.length - size)) > 0) {
                size += count;
            }
        } catch (EOFException e) {
            // the body was cut: its beginning is enough
        }
        return Arrays.copyOf(inflated, size);
    }

    /// The next line without its end.
    ///
    /// @param first the answer's first line: what is not HTTP may have none
    private static String line(InputStream in, boolean first) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < HEAD_LIMIT_BYTES) {
            int next = in.read();
            if (next < 0) {
                if (line.isEmpty()) {
                    throw new EOFException();
                }
                return line.toString();
            }
            if (next == '\n') {
                int length = line.length();
                boolean cr = length > 0 && line.charAt(length - 1) == '\r';
                return cr ? line.substring(0, length - 1) : line.toString();
            }
            line.append((char) next);
            if (first && !"HTTP/1.".startsWith(line.substring(0, Math.min(7, line.length())))) {
                return line.toString();
            }
        }
        throw new IOException("answers with a head that is too long");
    }

    /// What is needed of the headers.
    private static final class Head {
        String type = "";
        boolean chunked;
        boolean gzip;
        long length = Long.MAX_VALUE;

        static Head read(InputStream in) throws IOException {
            Head head = new Head();
            int size = 0;
            String line;
            while (!(line = line(in, false)).isEmpty()) {
                size += line.length();
                if (size > HEAD_LIMIT_BYTES) {
                    throw new IOException("answers with a head that is too long");
                }
                head.take(line.toLowerCase(Locale.ROOT));
            }
            return head;
        }

        private void take(String line) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (colon < 0 ? "" : line.substring(0, colon)) {
                case "content-type" -> type = value;
                case "transfer-encoding" -> chunked = value.contains("chunked");
                case "content-encoding" -> gzip = value.equals("gzip");
                case "content-length" -> length = Math.max(0, number(value));
                default -> {}
            }
        }
    }

    /// Reads until the deadline, whatever the pieces; buffered, so that bytes can be read one by
    /// one.
    private final class Timed extends InputStream {
        private final Socket socket;
        private final InputStream in;
        private final long deadline;
        private final byte[] buffer = new byte[8 << 10];
        private int at;
        private int end;

        Timed(Socket socket, long deadline) throws IOException {
            this.socket = socket;
            this.deadline = deadline;
            in = socket.getInputStream();
        }

        @Override
        public int read() throws IOException {
            return fill() ? buffer[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, end - at);
            System.arraycopy(buffer, at, into, offset, count);
            at += count;
            return count;
        }

        private boolean fill() throws IOException {
            if (at < end) {
                return true;
            }
            socket.setSoTimeout(restMs(deadline));
            at = 0;
            end = Math.max(0, in.read(buffer, 0, buffer.length));
            return end > 0;
        }
    }
}
