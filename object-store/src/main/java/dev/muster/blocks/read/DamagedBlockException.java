package dev.muster.blocks.read;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A file of a block is not what it was when it was written.
final class DamagedBlockException extends IOException {
    DamagedBlockException(String message) {
        super(message);
    }

    DamagedBlockException(String message, Throwable cause) {
        super(message, cause);
    }

    /// A part of a footer or header that must be there.
    static <T> T required(@Nullable T part, String name) throws DamagedBlockException {
        if (part == null) {
            throw new DamagedBlockException("parquet file: must be there: part=" + name);
        }
        return part;
    }
}
