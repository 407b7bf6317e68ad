package dev.muster.query.remote;

import java.io.IOException;

/// Bytes are no message of the protocol.
public final class WireFormatException extends IOException {
    /// @param message says what is wrong with them
    public WireFormatException(String message) {
        super(message);
    }
}
