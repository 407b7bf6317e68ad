package dev.muster.launcher.process;

/// A start that cannot go on because of something the user can mend: one message, no stack trace,
/// exit code 2.
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message what is wrong and what to do, one or a few lines
    public RefusedException(String message) {
        super(message, null, false, false);
    }
}
