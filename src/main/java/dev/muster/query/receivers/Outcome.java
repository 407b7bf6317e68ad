package dev.muster.query.receivers;

import java.time.Duration;
import java.util.Optional;

/// How it went to deliver a notification once.
public sealed interface Outcome {
    /// The receiver has taken it.
    record Delivered() implements Outcome {}

    /// It may go better later.
    ///
    /// @param reason what went wrong, without secrets
    /// @param after how long the receiver asks to be left alone, where it says so
    record Retry(String reason, Optional<Duration> after) implements Outcome {
        public Retry {
            if (after.isPresent() && after.get().isNegative()) {
                throw new IllegalArgumentException(
                        "outcome retry must not be in the past: after=" + after.get());
            }
        }
    }

    /// It will never be taken.
    ///
    /// @param reason what is wrong, without secrets
    record Rejected(String reason) implements Outcome {}

    /// The receiver has taken it.
    Outcome DELIVERED = new Delivered();

    /// It may go better later.
    static Outcome retry(String reason) {
        return new Retry(reason, Optional.empty());
    }

    /// It may go better after a while.
    static Outcome retry(String reason, Duration after) {
        return new Retry(reason, Optional.of(after));
    }

    /// It will never be taken.
    static Outcome rejected(String reason) {
        return new Rejected(reason);
    }
}
