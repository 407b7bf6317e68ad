package dev.muster.model.frame;

import java.io.IOException;

/// Bytes that are not what `docs/format/frames.md` draws: torn, damaged, of another version, or
/// past a bound.
public final class FrameFormatException extends IOException {
    /// @param message says where, what must hold, and what was found
    public FrameFormatException(String message) {
        super(message);
    }
}
