package dev.muster.agent.services.listener;

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
import javax.net.ssl.SSLSocketFactory;

/// Asks with one GET, without credentials, and reads the beginning of the answer. Follows nothing.
final class HttpProbe implements Probe {
    static final int BODY_LIMIT_BYTES = 64 << 10;
    private static final int HEAD_LIMIT_BYTES = 16 << 10;
    private static final long TIME_LIMIT_NANOS = 2_000_000_000L;

    private final String path;
    private final boolean tls;
    private final LongSupplier nanoTime;

    /// @param path path and query of the request
    /// @param tls over TLS; whatever certificate is shown, as nothing is told to the other side
    HttpProbe(String path, boolean tls, LongSupplier nanoTime) {
        this.path = path;
        this.tls = tls;
        this.nanoTime = nanoTime;
    }

    @Override
    public Result ask(String host, int port) {
        long deadline = nanoTime.getAsLong() + TIME_LIMIT_NANOS;
        try (Socket plain = new Socket()) {
            plain.connect(
                    new InetSocketAddress(InetAddress.getByName(host), port), restMs(deadline));
            return ask(plain, host, port, deadline);
        } catch (SSLException e) {
            return new Result.NoHttp("does not speak TLS");
        } catch (SocketTimeoutException e) {
            return new Result.NoAnswer("no answer within 2 s");
        } catch (EOFException e) {
            return new Result.NoAnswer("connection closed without an answer");
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            return new Result.NoAnswer(message.toLowerCase(Locale.ROOT));
        }
    }

    private Result ask(Socket plain, String host, int port, long deadline) throws IOException {
        plain.setSoTimeout(restMs(deadline));
        try (Socket socket = tls ? wrap(plain, host, port) : plain) {
            String request =
                    "GET "
                            + path
                            + " HTTP/1.1\r\nHost: "
                            + Listener.hostPort(host, port)
                            + "\r\nUser-Agent: muster-agent\r\nAccept: text/plain;version=0.0.4,"
                            + "application/openmetrics-text;version=1.0.0;q=0.9,*/*;q=0.1\r\n"
                            + "Accept-Encoding: identity\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return read(new Timed(socket, deadline));
        }
    }

    private static Socket wrap(Socket plain, String host, int port) throws IOException {
        SSLSocketFactory factory = AnyCertificate.factory();
        return factory.createSocket(plain, host, port, false);
    }

    private int restMs(long deadline) throws SocketTimeoutException {
        long rest = (deadline - nanoTime.getAsLong()) / 1_000_000;
        if (rest <= 0) {
            throw new SocketTimeoutException("time limit");
        }
        return (int) rest;
    }

    private static Result read(InputStream in) throws IOException {
        String line = line(in, true);
        if (!line.startsWith("HTTP/1.") || line.length() < 12) {
            return new Result.NoHttp("does not speak HTTP");
        }
        int status = Procfs.number(line.substring(9, 12));
        Head head = Head.read(in);
        if (status >= 500 || status == 429) {
            return new Result.NoAnswer("answers with status " + status);
        }
        if (status == 401 || status == 403) {
            return new Result.NoMetrics("answers with status " + status + ": it wants credentials");
        }
        if (status != 200) {
            return new Result.NoMetrics("answers with status " + status);
        }
        return ExpositionGuess.judge(head.type, body(in, head), BODY_LIMIT_BYTES);
    }

    private static byte[] body(InputStream in, Head head) throws IOException {
        byte[] body =
                head.chunked
                        ? chunks(in)
                        : in.readNBytes((int) Math.min(BODY_LIMIT_BYTES, head.length));
        return head.gzip ? inflate(body) : body;
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (body.size() < BODY_LIMIT_BYTES) {
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
            body.write(in.readNBytes(Math.min(length, BODY_LIMIT_BYTES - body.size())));
            if (body.size() < BODY_LIMIT_BYTES) {
                line(in, false);
            }
        }
        return body.toByteArray();
    }

    private static byte[] inflate(byte[] body) throws IOException {
        byte[] inflated = new byte[BODY_LIMIT_BYTES];
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
                case "content-length" -> length = Math.max(0, Procfs.number(value));
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
