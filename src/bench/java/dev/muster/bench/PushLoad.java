package dev.muster.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Pushes to an agent by each of its protocols: ever new series, or the same ones each second. A program of one file, of the JDK alone, so that a script can run it as
/// it is.
///
/// `explode PROTOCOL URL STATSD-PORT SERIES` prints a row of a table; `steady URL STATSD-PORT SERIES SECONDS PROTOCOL...` prints a line for each push that was acknowledged: its protocol and the time of its samples.
public final class PushLoad {
    private static final int AT_ONCE = 5_000;
    private static final int GROUP = 20_000;
    private static final int LINES_OF_A_PACKET = 25;
    private static final int PACKETS_A_SECOND = 2_000;

    private final String url;
    private final int statsdPort;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Long> answers = new TreeMap<>();
    private long folded;
    private String reason = "";

    private PushLoad(String url, int statsdPort) {
        this.url = url;
        this.statsdPort = statsdPort;
    }

    public static void main(String[] args) throws Exception {
        if (args[0].equals("explode")) {
            new PushLoad(args[2], Integer.parseInt(args[3])).explode(args[1], Long.parseLong(args[4]));
        } else {
            new PushLoad(args[1], Integer.parseInt(args[2]))
                    .steady(Integer.parseInt(args[3]), Integer.parseInt(args[4]), java.util.List.of(args).subList(5, args.length));
        }
    }

    private void explode(String protocol, long total) throws Exception {
        long begun = System.nanoTime();
        int step = protocol.equals("pushgateway") ? GROUP : protocol.equals("statsd") ? LINES_OF_A_PACKET : AT_ONCE;
        long requests = 0;
        for (long from = 0; from < total; from += step) {
            int count = (int) Math.min(step, total - from);
            push(protocol, "exploding_" + protocol, from, count, System.currentTimeMillis());
            requests++;
            if (protocol.equals("statsd") && requests % (PACKETS_A_SECOND / 10) == 0) {
                Thread.sleep(100);
            }
        }
        System.out.printf(
                "| %s | %,d | %,d | %s | %,d | %s | %.0f |%n",
                protocol, total, requests, answers, folded, reason.isEmpty() ? "-" : reason, (System.nanoTime() - begun) / 1e9);
    }

    private void steady(int series, int seconds, Iterable<String> protocols) throws Exception {
        long startMs = System.currentTimeMillis() / 1_000 * 1_000 + 1_000;
        for (int second = 0; second < seconds; second++) {
            long atMs = startMs + 1_000L * second;
            Thread.sleep(Math.max(0, atMs - System.currentTimeMillis()));
            for (String protocol : protocols) {
                int status;
                do {
                    status = push(protocol, "steady_" + protocol, 0, series, atMs);
                } while (status == 429 || status == 503);
                if (status / 100 == 2) {
                    System.out.println(protocol + " " + atMs);
                }
            }
        }
    }

    /// @return the status of the answer; 200 for a packet
    private int push(String protocol, String metric, long from, int count, long atMs) throws Exception {
        return switch (protocol) {
            case "remote_write" ->
                    post("/api/v1/write", snappy(remoteWrite(metric, from, count, atMs)), "application/x-protobuf", "POST");
            case "otlp" -> post("/v1/metrics", otlp(metric, from, count, atMs), "application/x-protobuf", "POST");
            case "influx" -> post("/write?precision=ms", influx(metric, from, count, atMs), "text/plain", "POST");
            case "pushgateway" -> post("/metrics/job/" + metric + "/part/" + from, text(metric, from, count), "text/plain; version=0.0.4", "PUT");
            case "statsd" -> packets(metric, from, count);
            default -> throw new IllegalArgumentException("protocol must be known: " + protocol);
        };
    }

    private int post(String path, byte[] body, String type, String method) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(Duration.ofSeconds(60))
                        .header("Content-Type", type)
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        answers.merge(String.valueOf(answer.statusCode()), 1L, Long::sum);
        folded += answer.headers().firstValueAsLong("Muster-Folded").orElse(0);
        if (answer.statusCode() / 100 != 2 && reason.isEmpty()) {
            reason = answer.body().strip().replaceAll("\\s+", " ");
            reason = reason.substring(0, Math.min(reason.length(), 160));
        }
        return answer.statusCode();
    }

    private static byte[] text(String metric, long from, int count) {
        StringBuilder out = new StringBuilder("# TYPE " + metric + " gauge\n");
        for (long i = from; i < from + count; i++) {
            out.append(metric).append("{number=\"").append(i).append("\"} ").append(i).append('\n');
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] influx(String metric, long from, int count, long atMs) {
        StringBuilder out = new StringBuilder();
        for (long i = from; i < from + count; i++) {
            out.append(metric).append(",number=").append(i).append(" value=").append(i).append(' ').append(atMs).append('\n');
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private int packets(String metric, long from, int count) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            for (long first = from; first < from + count; first += LINES_OF_A_PACKET) {
                StringBuilder out = new StringBuilder();
                for (long i = first; i < Math.min(first + LINES_OF_A_PACKET, from + count); i++) {
                    out.append(metric).append(":1|g|#number:").append(i).append('\n');
                }
                byte[] bytes = out.toString().getBytes(StandardCharsets.UTF_8);
                socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), statsdPort));
            }
        }
        answers.merge("none", 1L, Long::sum);
        return 200;
    }

    private static byte[] remoteWrite(String metric, long from, int count, long atMs) {
        Proto out = new Proto();
        for (long i = from; i < from + count; i++) {
            long number = i;
            out.message(1, series -> {
                series.message(1, label -> label.text(1, "__name__").text(2, metric));
                series.message(1, label -> label.text(1, "job").text(2, "bench"));
                series.message(1, label -> label.text(1, "number").text(2, String.valueOf(number)));
                series.message(2, sample -> sample.real(1, number).number(2, atMs));
            });
        }
        return out.bytes();
    }

    private static byte[] otlp(String metric, long from, int count, long atMs) {
        return new Proto()
                .message(1, resource -> resource.message(2, scope -> scope.message(2, one -> one.text(1, metric).message(5, gauge -> {
                    for (long i = from; i < from + count; i++) {
                        long number = i;
                        gauge.message(1, point -> point.message(7, pair ->
                                        pair.text(1, "number").message(2, value -> value.text(1, String.valueOf(number))))
                                .fixed(3, atMs * 1_000_000)
                                .real(4, number));
                    }
                }))))
                .bytes();
    }

    /// A block of snappy that holds its bytes as they are.
    private static byte[] snappy(byte[] bytes) {
        Proto out = new Proto().raw(bytes.length);
        for (int at = 0; at < bytes.length; at += 65_536) {
            int length = Math.min(65_536, bytes.length - at);
            out.octet(61 << 2).octet((length - 1) & 0xff).octet((length - 1) >> 8).all(bytes, at, length);
        }
        return out.bytes();
    }

    /// Writes protobuf.
    private static final class Proto {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Proto raw(long value) {
            long rest = value;
            for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
                out.write((int) (rest & 0x7f | 0x80));
            }
            out.write((int) rest);
            return this;
        }

        Proto octet(int value) {
            out.write(value);
            return this;
        }

        Proto all(byte[] bytes, int from, int count) {
            out.write(bytes, from, count);
            return this;
        }

        Proto number(int field, long value) {
            return raw((long) field << 3).raw(value);
        }

        Proto fixed(int field, long value) {
            raw((long) field << 3 | 1);
            out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
            return this;
        }

        Proto real(int field, double value) {
            return fixed(field, Double.doubleToRawLongBits(value));
        }

        Proto text(int field, String text) {
            return bytes(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Proto bytes(int field, byte[] bytes) {
            raw((long) field << 3 | 2).raw(bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        Proto message(int field, Consumer<Proto> writing) {
            Proto inner = new Proto();
            writing.accept(inner);
            return bytes(field, inner.bytes());
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
