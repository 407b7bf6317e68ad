package dev.muster.agent.why;

import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.ExpositionParser;
import dev.muster.agent.why.ProbeResult.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongSupplier;

/// Asks loopback addresses of this host, and no others, for metrics on the paths where services
/// usually have them. Sends nothing but GET requests, follows no redirects, reads at most
/// [#BODY_LIMIT_BYTES], and is done within a time limit whatever answers. Thread-safe.
public final class LoopbackProbe implements Probe {
    static final int BODY_LIMIT_BYTES = 4 << 20;
    static final List<String> PATHS =
            List.of("/metrics", "/actuator/prometheus", "/q/metrics", "/stats/prometheus");

    private final Duration limit;
    private final LongSupplier nanoTime;

    /// @param limit for the whole
    public LoopbackProbe(Duration limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    /// May the host be asked?
    public static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("::1")
                || host.matches("127(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    }

    @Override
    public ProbeResult ask(String host, int port) {
        if (!isLoopback(host)) {
            throw new IllegalArgumentException("host must be a loopback address: found=" + host);
        }
        long startNanos = nanoTime.getAsLong();
        ProbeResult first = ask(host, port, PATHS.getFirst(), startNanos);
        if (first.outcome() != Outcome.STATUS && first.outcome() != Outcome.OTHER_CONTENT) {
            return first;
        }
        for (String path : PATHS.subList(1, PATHS.size())) {
            ProbeResult next = ask(host, port, path, startNanos);
            if (next.outcome() == Outcome.METRICS) {
                return next;
            }
        }
        return first;
    }

    private ProbeResult ask(String host, int port, String path, long startNanos) {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        String url = "http://" + name + ":" + port + path;
        Answer answer = new Answer(url, startNanos);
        try {
            URL asked = URI.create(url).toURL();
            HttpURLConnection connection = (HttpURLConnection) asked.openConnection(Proxy.NO_PROXY);
            try {
                return receive(connection, answer);
            } finally {
                connection.disconnect();
            }
        } catch (ConnectException e) {
            return answer.as(Outcome.REFUSED, "connection refused");
        } catch (SocketTimeoutException e) {
            return answer.timedOut();
        } catch (IOException e) {
            return answer.as(Outcome.NOT_HTTP, "no HTTP answer: " + e.getMessage());
        }
    }

    private ProbeResult receive(HttpURLConnection connection, Answer answer) throws IOException {
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout(answer.leftMs());
        connection.setReadTimeout(answer.leftMs());
        connection.setRequestProperty("Accept", ExpositionFormat.acceptHeader());
        connection.setRequestProperty("User-Agent", "Muster-why");
        answer.status = connection.getResponseCode();
        if (answer.status < 0) {
            return answer.as(Outcome.NOT_HTTP, "no HTTP answer");
        }
        answer.contentType = Objects.requireNonNullElse(connection.getContentType(), "");
        if (answer.status != 200) {
            return answer.as(Outcome.STATUS, "http status=" + answer.status);
        }
        try (InputStream in = connection.getInputStream()) {
            return judge(read(in, connection, answer), answer);
        }
    }

    private byte[] read(InputStream in, HttpURLConnection connection, Answer answer)
            throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk = new byte[16 << 10];
        int count;
        while (body.size() < BODY_LIMIT_BYTES && (count = in.read(chunk)) >= 0) {
            body.write(chunk, 0, Math.min(count, BODY_LIMIT_BYTES - body.size()));
            connection.setReadTimeout(answer.leftMs());
        }
        answer.bodyBytes = body.size();
        return body.toByteArray();
    }

    private static ProbeResult judge(byte[] body, Answer answer) {
        if (isMarkup(answer.contentType, body)) {
            return answer.as(
                    Outcome.OTHER_CONTENT,
                    "the answer is no exposition: content type=" + answer.contentType);
        }
        ExpositionFormat format =
                ExpositionFormat.of(answer.contentType, ExpositionFormat.PROMETHEUS_TEXT);
        ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);
        parser.reset(format, body, body.length);
        try {
            while (parser.next()) {
                answer.samples++;
            }
        } catch (ExpositionException e) {
            if (answer.samples == 0) {
                return answer.as(
                        Outcome.OTHER_CONTENT, "the answer is no exposition: " + e.getMessage());
            }
            answer.format = name(format);
            answer.hint = e.hint();
            return body.length >= BODY_LIMIT_BYTES
                    ? answer.as(Outcome.METRICS, "")
                    : answer.as(Outcome.BROKEN_METRICS, String.valueOf(e.getMessage()));
        }
        if (answer.samples == 0) {
            return answer.as(Outcome.OTHER_CONTENT, "the answer has no samples");
        }
        answer.format = name(format);
        return answer.as(Outcome.METRICS, "");
    }

    private static boolean isMarkup(String contentType, byte[] body) {
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.startsWith("text/html")
                || type.startsWith("application/json")
                || (body.length > 0 && body[0] == '<');
    }

    private static String name(ExpositionFormat format) {
        return format.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// What is known of an answer so far. Confined to one thread.
    private final class Answer {
        private final String url;
        private final long startNanos;
        private int status;
        private String contentType = "";
        private String format = "";
        private int samples;
        private int bodyBytes;
        private String hint = "";

        Answer(String url, long startNanos) {
            this.url = url;
            this.startNanos = startNanos;
        }

        int leftMs() throws SocketTimeoutException {
            long leftMs = (limit.toNanos() - nanos()) / 1_000_000;
            if (leftMs <= 0) {
                throw new SocketTimeoutException("time is up");
            }
            return Math.toIntExact(Math.min(leftMs, Integer.MAX_VALUE));
        }

        private long nanos() {
            return nanoTime.getAsLong() - startNanos;
        }

        ProbeResult timedOut() {
            return as(Outcome.TIMED_OUT, "no answer within " + limit.toMillis() + " ms");
        }

        ProbeResult as(Outcome outcome, String error) {
            return new ProbeResult(
                    outcome,
                    url,
                    status,
                    contentType,
                    format,
                    samples,
                    bodyBytes,
                    error,
                    hint,
                    nanos());
        }
    }
}
