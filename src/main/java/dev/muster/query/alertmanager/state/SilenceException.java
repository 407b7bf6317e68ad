package dev.muster.query.alertmanager.state;

/// A silence that cannot be as it is wanted.
public final class SilenceException extends Exception {
    /// What is wrong.
    public enum Reason {
        /// There is none of that name.
        NOT_FOUND,
        /// It is no silence.
        INVALID,
        /// There are too many.
        LIMIT
    }

    private final Reason reason;

    SilenceException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /// What is wrong.
    public Reason reason() {
        return reason;
    }
}
