package dev.muster.query.source;

/// An agent has not sent its answer in time; becomes a warning.
final class SlowAgentException extends RuntimeException {
    SlowAgentException() {
        super("answer was not complete in time");
    }
}
