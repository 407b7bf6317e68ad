package dev.muster.query.forward;

import java.time.Duration;

/// What an agent said to samples.
sealed interface Reply {
    /// It has them.
    record Taken(Written written) implements Reply {}

    /// It will never take them.
    ///
    /// @param written what it has taken of them
    record Refused(int status, String text, Written written) implements Reply {}

    /// It takes none at all; another may.
    record Unwilling(int status, String text) implements Reply {}

    /// It may take them later.
    ///
    /// @param reached whether it answered at all
    /// @param after no sooner than this
    record Later(boolean reached, String reason, Duration after) implements Reply {}
}
