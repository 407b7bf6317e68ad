package dev.muster.agent.scrape.append;

/// A pushed series is not taken. The message says which rule it breaks.
public final class PushedSeriesException extends Exception {
    PushedSeriesException(String message) {
        super(message, null, false, false);
    }

    /// The message, which is always there.
    public String reason() {
        return String.valueOf(getMessage());
    }
}
