package dev.muster.model.frame;

import java.io.IOException;

/// Bytes that are not what `docs/format/frames.md` draws: torn, damaged, of another version, or
/// past a bound.
public final class FrameFormatException extends IOException {
    FrameFormatException(String message) {
        super(message);
    }
}
