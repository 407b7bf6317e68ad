package dev.muster.federation.tls;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A file of certificates that cannot be used. Says which, and what it must hold.
public final class TlsException extends IOException {
    private static final long serialVersionUID = 1;

    TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
