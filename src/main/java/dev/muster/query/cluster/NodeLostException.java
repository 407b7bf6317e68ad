package dev.muster.query.cluster;

import java.io.IOException;

/// A node did not answer, so another one is to be asked.
final class NodeLostException extends IOException {
    private final Reason reason;

    /// Why it did not answer; a label of a metric.
    enum Reason {
        /// Its connection was refused or broke.
        CONNECTION,
        /// The cluster lost it while it was asked.
        GONE,
        /// It said that it cannot answer now, or answered with an error.
        STATUS,
        /// What it sent cannot be read.
        DAMAGED
    }

    NodeLostException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
