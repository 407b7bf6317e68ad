package dev.muster.query.api;

import dev.muster.query.remote.ReadAnswer;
import dev.muster.query.remote.ReadLimitException;
import dev.muster.query.remote.ReadRequest;
import dev.muster.query.remote.WireFormatException;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Map;
import org.xerial.snappy.Snappy;

/// Prometheus' remote read: `read`. Errors are lines of text, as there.
final class RemoteReadCalls {
    private static final String STREAM =
            "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse";

    /// Bytes of a request once it is unpacked.
    private static final int REQUEST_LIMIT_BYTES = 32 << 20;

    private final ReadAnswer answer;
    private final Dispatcher dispatcher;

    RemoteReadCalls(ReadAnswer answer, Dispatcher dispatcher) {
        this.answer = answer;
        this.dispatcher = dispatcher;
    }

    void handle(RoutingContext context) {
        var body = context.body().buffer();
        byte[] packed = body == null ? new byte[0] : body.getBytes();
        dispatcher.handle(context, "read", true, call -> read(packed, call));
    }

    private Answer read(byte[] packed, Call call) throws IOException {
        try {
            ReadRequest request = ReadRequest.decode(unpacked(packed));
            return switch (request.kind()) {
                case SAMPLES -> samples(request, call);
                case STREAMED_XOR_CHUNKS ->
                        Answer.plain(STREAM, out -> answer.stream(request, call.budget(), out));
            };
        } catch (WireFormatException | ReadLimitException e) {
            return Answer.text(400, String.valueOf(e.getMessage()));
        }
    }

    private Answer samples(ReadRequest request, Call call) throws IOException {
        byte[] body = Snappy.compress(answer.samples(request, call.budget()));
        return Answer.plain(
                200,
                Map.of("Content-Type", "application/x-protobuf", "Content-Encoding", "snappy"),
                out -> out.write(body));
    }

    private static byte[] unpacked(byte[] packed) throws ReadLimitException, WireFormatException {
        try {
            int sizeBytes = Snappy.uncompressedLength(packed);
            if (sizeBytes > REQUEST_LIMIT_BYTES) {
                throw new ReadLimitException(
                        "request must be smaller: sizeBytes="
                                + sizeBytes
                                + ", limitBytes="
                                + REQUEST_LIMIT_BYTES);
            }
            return Snappy.uncompress(packed);
        } catch (ReadLimitException e) {
            throw e;
        } catch (IOException e) {
            throw new WireFormatException("snappy: corrupt input");
        }
    }
}
