package dev.muster.blocks.upness;

import java.io.IOException;

/// Bytes that should be a log of upness are not, or are damaged.
public final class UpnessLogException extends IOException {
    /// @param message where, what must hold, what was found
    public UpnessLogException(String message) {
        super(message);
    }
}
