package dev.muster.query.remote;

import java.io.IOException;

/// More was asked than one answer may hold.
public final class ReadLimitException extends IOException {
    /// @param message names the limit
    public ReadLimitException(String message) {
        super(message);
    }
}
