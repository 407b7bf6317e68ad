package dev.muster.agent;

import org.jspecify.annotations.Nullable;

/// The agent cannot start. The message is one line for the operator.
final class StartException extends Exception {
    /// The configuration is wrong.
    static final int CONFIG = 2;

    /// The machine does not allow it: a port in use, a directory that cannot be written.
    static final int MACHINE = 3;

    private final int exitCode;

    StartException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
