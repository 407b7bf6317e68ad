package dev.muster.query.fleet;

import dev.muster.federation.view.CellView;
import dev.muster.federation.view.CellViewCodec;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Consumer;

/// The stream of views of one agent: frames of a length (four bytes, big endian) and the bytes of a
/// view. Runs on the thread that calls [#follow], until that is interrupted or the stream breaks.
final class CellStream {
    private static final String PATH = "/api/v1/cell/stream";

    /// A frame that says it is larger is refused unread.
    private static final int FRAME_LIMIT_BYTES = 8 << 20;

    private final HttpClient http;
    private final URI agent;
    private final Duration connectTimeout;
    private final CellViewCodec codec = new CellViewCodec();

    CellStream(HttpClient http, URI agent, Duration connectTimeout) {
        this.http = http;
        this.agent = agent;
        this.connectTimeout = connectTimeout;
    }

    /// Hands each view to `views` as it comes.
    ///
    /// @throws IOException when the stream breaks or ends, which it does not do by itself
    void follow(Consumer<CellView> views) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(agent.resolve(PATH)).timeout(connectTimeout).build();
        HttpResponse<InputStream> response =
                http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (DataInputStream in = new DataInputStream(response.body())) {
            if (response.statusCode() != 200) {
                throw new IOException(
                        "cell stream: status must be 200: found=" + response.statusCode());
            }
            while (!Thread.currentThread().isInterrupted()) {
                views.accept(codec.decode(frame(in)));
            }
        }
    }

    private static byte[] frame(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > FRAME_LIMIT_BYTES) {
            throw new IOException(
                    "cell stream: frame must have at most "
                            + FRAME_LIMIT_BYTES
                            + " bytes: found="
                            + Integer.toUnsignedString(length));
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("cell stream: ended inside a frame");
        }
        return bytes;
    }
}
