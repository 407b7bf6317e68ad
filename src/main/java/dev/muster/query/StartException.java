package dev.muster.query;

/// The node cannot start, for a reason that its operator can mend. The message is shown as it is.
final class StartException extends RuntimeException {
    /// The process ends with this code.
    enum Reason {
        /// A setting is wrong or unknown.
        CONFIG(2),
        /// A port is taken, a directory cannot be written, a bucket refuses.
        ENVIRONMENT(3);

        private final int exitCode;

        Reason(int exitCode) {
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }
    }

    private final Reason reason;

    StartException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
