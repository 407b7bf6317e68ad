package dev.muster.head.wal;

import java.io.IOException;

/// The log or a checkpoint is damaged in a way that cannot be mended without losing samples that
/// nothing else accounts for. The message says where. Trying again does not help.
public final class WalCorruptionException extends IOException {
    public WalCorruptionException(String message) {
        super(message);
    }

    public WalCorruptionException(String message, Throwable cause) {
        super(message, cause);
    }
}
