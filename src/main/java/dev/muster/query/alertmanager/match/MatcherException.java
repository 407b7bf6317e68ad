package dev.muster.query.alertmanager.match;

/// A text that is no matcher.
public final class MatcherException extends Exception {
    public MatcherException(String message) {
        super(message);
    }
}
