package dev.muster.agent.exporter.collect;

import java.io.IOException;
import java.io.Serial;

/// The host does not have what a collector looks for: no such device, file system or kernel module.
public final class NoDataException extends IOException {
    @Serial private static final long serialVersionUID = 1;

    /// @param message where it was looked for
    public NoDataException(String message) {
        super(message);
    }
}
