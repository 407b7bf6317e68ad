package dev.muster.federation.member;

import java.io.IOException;

/// Bytes of a frame or a view are not what they must be: damaged, cut, of an unknown version, or
/// too large.
public final class FrameException extends IOException {
    /// @param message where, what must hold, what was found
    public FrameException(String message) {
        super(message);
    }
}
