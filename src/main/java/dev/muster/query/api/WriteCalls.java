package dev.muster.query.api;

import dev.muster.query.forward.WriteForward;
import dev.muster.query.forward.WriteForward.Kind;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.xerial.snappy.Snappy;

/// What is written to this node: `write` and `otlp/v1/metrics`. It goes on to agents, and is
/// acknowledged when they have it. Errors are lines of text, as in Prometheus.
final class WriteCalls {
    private static final String VERSION_2 = "io.prometheus.write.v2.Request";
    private static final String VERSION_HEADER = "X-Prometheus-Remote-Write-Version";

    /// Bytes of a request once it is unpacked.
    private static final int UNPACKED_LIMIT_BYTES = 64 << 20;

    private static final String JSON = "application/json";

    /// An answer of OTLP in JSON that has nothing to say.
    private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.UTF_8);

    private final WriteForward forward;
    private final Dispatcher dispatcher;

    WriteCalls(WriteForward forward, Dispatcher dispatcher) {
        this.forward = forward;
        this.dispatcher = dispatcher;
    }

    /// What a client says of its request.
    ///
    /// @param type of the content
    /// @param encoding of the content
    /// @param version of remote write, empty for none
    private record Said(String type, String encoding, String version) {
        static Said of(RoutingContext context) {
            return new Said(
                    text(context, "Content-Type"),
                    text(context, "Content-Encoding").toLowerCase(Locale.ROOT).strip(),
                    text(context, VERSION_HEADER));
        }

        private static String text(RoutingContext context, String header) {
            String text = context.request().getHeader(header);
            return text == null ? "" : text;
        }

        boolean isProtobuf() {
            return mediaType().equals("application/x-protobuf");
        }

        String mediaType() {
            return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        }

        boolean isVersion2() {
            return type.replace(" ", "")
                    .toLowerCase(Locale.ROOT)
                    .contains("proto=" + VERSION_2.toLowerCase(Locale.ROOT));
        }
    }

    void write(RoutingContext context) {
        Said said = Said.of(context);
        byte[] packed = body(context);
        dispatcher.handle(context, "write", false, call -> write(said, packed));
    }

    private Answer write(Said said, byte[] packed) {
        if (!said.type.isEmpty() && !said.isProtobuf()) {
            return Answer.text(
                    415,
                    said.type
                            + " protobuf message is not accepted by this server; only accepts"
                            + " application/x-protobuf");
        }
        if (!said.encoding.isEmpty() && !said.encoding.equals("snappy")) {
            return Answer.text(
                    415,
                    said.encoding
                            + " encoding (compression) is not accepted by this server; only snappy"
                            + " is acceptable");
        }
        Kind kind = said.isVersion2() ? Kind.VERSION_2 : Kind.VERSION_1;
        Map<String, String> headers = new HashMap<>();
        headers.put(
                "Content-Type",
                kind == Kind.VERSION_2
                        ? "application/x-protobuf;proto=" + VERSION_2
                        : "application/x-protobuf");
        headers.put(
                VERSION_HEADER,
                !said.version.isEmpty()
                        ? said.version
                        : kind == Kind.VERSION_2 ? "2.0.0" : "0.1.0");
        return forward(kind, () -> unsnapped(packed), headers, 204);
    }

    void otlp(RoutingContext context) {
        Said said = Said.of(context);
        byte[] packed = body(context);
        dispatcher.handle(context, "otlp", false, call -> otlp(said, packed));
    }

    private Answer otlp(Said said, byte[] packed) {
        boolean isJson = said.mediaType().equals(JSON);
        if (!said.isProtobuf() && !isJson) {
            return Answer.text(
                    415,
                    "unsupported content type: "
                            + said.type
                            + ", supported: [application/json, application/x-protobuf]");
        }
        if (!said.encoding.isEmpty() && !said.encoding.equals("gzip")) {
            return Answer.text(
                    415,
                    "unsupported compression: "
                            + said.encoding
                            + ". Only \"gzip\" or no compression"
                            + " supported");
        }
        return forward(
                isJson ? Kind.OTLP_JSON : Kind.OTLP,
                () -> said.encoding.isEmpty() ? packed : gunzipped(packed),
                Map.of("Content-Type", isJson ? JSON : "application/x-protobuf"),
                200);
    }

    /// The bytes of a request.
    @FunctionalInterface
    private interface Unpacking {
        byte[] unpack() throws IOException;
    }

    private Answer forward(
            Kind kind, Unpacking unpacking, Map<String, String> headers, int success) {
        try {
            WriteForward.Outcome outcome = forward.forward(kind, unpacking.unpack(), headers);
            Map<String, String> told = new HashMap<>(outcome.written().headers());
            if (outcome.missing().isPresent()) {
                told.put("Retry-After", "5");
                return text(503, outcome.missing().get(), told);
            }
            if (outcome.refused().isPresent()) {
                return text(outcome.refusedStatus(), outcome.refused().get(), told);
            }
            if (kind.isOtlp()) {
                told.put("Content-Type", headers.getOrDefault("Content-Type", ""));
            }
            byte[] all = kind == Kind.OTLP_JSON ? EMPTY_OBJECT : new byte[0];
            return Answer.plain(success, told, out -> out.write(all));
        } catch (IOException e) {
            return Answer.text(400, String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Answer.text(503, "request was given up");
        }
    }

    private static Answer text(int status, String text, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Type", "text/plain; charset=utf-8");
        all.put("X-Content-Type-Options", "nosniff");
        return Answer.plain(
                status, all, out -> out.write((text + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] body(RoutingContext context) {
        var body = context.body().buffer();
        return body == null ? new byte[0] : body.getBytes();
    }

    private static byte[] unsnapped(byte[] packed) throws IOException {
        int sizeBytes;
        try {
            sizeBytes = Snappy.uncompressedLength(packed);
        } catch (IOException e) {
            throw new IOException("snappy: corrupt input", e);
        }
        if (sizeBytes > UNPACKED_LIMIT_BYTES) {
            throw tooLarge(sizeBytes);
        }
        try {
            return Snappy.uncompress(packed);
        } catch (IOException e) {
            throw new IOException("snappy: corrupt input", e);
        }
    }

    private static byte[] gunzipped(byte[] packed) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] bytes = in.readNBytes(UNPACKED_LIMIT_BYTES + 1);
            if (bytes.length > UNPACKED_LIMIT_BYTES) {
                throw tooLarge(bytes.length);
            }
            return bytes;
        }
    }

    private static IOException tooLarge(int sizeBytes) {
        return new IOException(
                "request must be smaller: sizeBytes="
                        + sizeBytes
                        + ", limitBytes="
                        + UNPACKED_LIMIT_BYTES);
    }
}
