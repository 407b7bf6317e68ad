package dev.muster.query.fleet;

import dev.muster.federation.stream.StreamCodec;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Cuts what comes on a stream into frames: each is its length as four bytes, highest first, and
/// its bytes. Confined to the event loop of its connection.
final class FrameSplitter {
    private static final int HEADER_BYTES = 4;

    private @Nullable Buffer rest;

    /// Takes more bytes, and hands on each frame that is whole.
    ///
    /// @throws IOException if a frame says that it is larger than any may be
    void add(Buffer chunk, Consumer<byte[]> frames) throws IOException {
        Buffer all = rest == null ? chunk : rest.appendBuffer(chunk);
        int at = 0;
        while (all.length() - at >= HEADER_BYTES) {
            int length = all.getInt(at);
            if (length < 0 || length > StreamCodec.FRAME_LIMIT) {
                throw new IOException(
                        "cell stream: frame must have at most "
                                + StreamCodec.FRAME_LIMIT
                                + " bytes: found="
                                + Integer.toUnsignedString(length));
            }
            if (all.length() - at - HEADER_BYTES < length) {
                break;
            }
            frames.accept(all.getBytes(at + HEADER_BYTES, at + HEADER_BYTES + length));
            at += HEADER_BYTES + length;
        }
        rest = at == all.length() ? null : Buffer.buffer().appendBuffer(all, at, all.length() - at);
    }

    /// Whether a frame has begun that is not whole.
    boolean inside() {
        return rest != null;
    }
}
