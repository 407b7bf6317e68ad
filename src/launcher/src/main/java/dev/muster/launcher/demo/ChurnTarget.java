package dev.muster.launcher.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A target whose series explode: beside those it always has it shows new ones at every scrape,
/// each with a user nobody has seen before. Confined to one thread at a time.
final class ChurnTarget {
    private static final byte[] HEAD =
            "# TYPE bench_requests_total counter\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] START =
            "bench_requests_total{path=\"/api/v1/resource\",user=\"user-"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\"} 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS = 9;

    private final BenchTarget steady;
    private final int perScrape;
    private final long limit;
    private long shown;

    /// @param steady series that are always there
    /// @param perScrape new series at each scrape
    /// @param limit new series in all; when it is reached only the steady ones are shown
    ChurnTarget(BenchTarget steady, int perScrape, long limit) {
        this.steady = steady;
        this.perScrape = perScrape;
        this.limit = limit;
    }

    /// The body of the next scrape.
    byte[] next() {
        byte[] old = steady.next();
        int count = (int) Math.min(perScrape, limit - shown);
        byte[] body =
                Arrays.copyOf(
                        old,
                        old.length + HEAD.length + count * (START.length + DIGITS + END.length));
        int at = put(HEAD, body, old.length);
        for (int i = 0; i < count; i++) {
            at = put(START, body, at);
            at = digits(shown++, body, at);
            at = put(END, body, at);
        }
        return body;
    }

    /// Series shown once so far.
    long shown() {
        return shown;
    }

    /// Writes one body with so many series, which are never held together.
    static void writeHuge(long series, OutputStream out) throws IOException {
        byte[] line = new byte[START.length + DIGITS + END.length];
        put(END, line, digits(0, line, put(START, line, 0)));
        out.write(HEAD);
        for (long i = 0; i < series; i++) {
            digits(i, line, START.length);
            out.write(line);
        }
    }

    private static int put(byte[] text, byte[] into, int at) {
        System.arraycopy(text, 0, into, at, text.length);
        return at + text.length;
    }

    private static int digits(long number, byte[] into, int at) {
        long rest = number;
        for (int i = at + DIGITS - 1; i >= at; i--) {
            into[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + DIGITS;
    }
}
