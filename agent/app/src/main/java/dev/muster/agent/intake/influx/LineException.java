package dev.muster.agent.intake.influx;

/// A line that is not line protocol. The message says what must hold.
final class LineException extends Exception {
    LineException(String message) {
        super(message, null, false, false);
    }
}
