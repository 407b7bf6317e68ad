package dev.muster.model.frame;

/// A frame of samples that was received, still encoded. Owns its bytes. Immutable.
final class SampleFrame {
    private final byte[] payload;
    private final boolean more;

    /// @param payload owned by the new frame
    /// @param more of type [Frames#MORE_SAMPLES]: the columns of a piece begin with flags
    SampleFrame(byte[] payload, boolean more) {
        this.payload = payload;
        this.more = more;
    }

    int size() {
        return payload.length;
    }

    boolean more() {
        return more;
    }

    ByteSource from(int offset) {
        return new ByteSource(payload, offset, payload.length);
    }
}
