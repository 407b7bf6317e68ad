package dev.muster.model.labels;

/// A regular expression that is not RE2 syntax, or too large; the message is RE2's and names the
/// part at fault.
public final class InvalidPatternException extends IllegalArgumentException {
    InvalidPatternException(String message) {
        super(message);
    }

    InvalidPatternException(String message, Throwable cause) {
        super(message, cause);
    }
}
