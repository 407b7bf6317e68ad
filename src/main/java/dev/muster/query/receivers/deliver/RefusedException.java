package dev.muster.query.receivers.deliver;

import java.time.Duration;
import java.util.Optional;

/// A receiver did not take a notification. The message bears no secrets.
final class RefusedException extends Exception {
    private final transient FailureReason reason;
    private final boolean lasting;
    private final transient Optional<Duration> after;

    private RefusedException(
            FailureReason reason, boolean lasting, Optional<Duration> after, String message) {
        super(message);
        this.reason = reason;
        this.lasting = lasting;
        this.after = after;
    }

    static RefusedException later(FailureReason reason, String message, Optional<Duration> after) {
        return new RefusedException(reason, false, after, message);
    }

    static RefusedException forGood(FailureReason reason, String message) {
        return new RefusedException(reason, true, Optional.empty(), message);
    }

    FailureReason reason() {
        return reason;
    }

    /// Whether it will never be taken.
    boolean isLasting() {
        return lasting;
    }

    /// How long the receiver asks to be left alone.
    Optional<Duration> after() {
        return after;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
