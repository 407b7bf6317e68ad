package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionException;

/// Why a scrape failed.
///
/// @param kind what kind of fault
/// @param message what went wrong, without the hint
/// @param line line of the body at fault, from 1; 0 where the fault has no place
/// @param column byte within that line, from 1; 0 where the fault has no place
/// @param excerpt text of that line around the column; empty where the fault has no place
/// @param hint what the owner of the service can do about it; empty where the message says all
public record ScrapeFault(
        FaultKind kind, String message, int line, int column, String excerpt, String hint) {
    public ScrapeFault {
        if (message.isEmpty()) {
            throw new IllegalArgumentException("fault must have a message: kind=" + kind);
        }
        if (line < 0 || column < 0) {
            throw new IllegalArgumentException(
                    "place of a fault must not be negative: line=" + line + ", column=" + column);
        }
    }

    /// A fault that has no place in a body.
    public static ScrapeFault of(FaultKind kind, String message) {
        return new ScrapeFault(kind, message, 0, 0, "", "");
    }

    static ScrapeFault of(ExpositionException e, ScrapeBody body) {
        return new ScrapeFault(
                FaultKind.PARSE,
                "parse error: " + e.getMessage(),
                e.line(),
                e.column(),
                FaultExcerpt.of(body, e.line(), e.column()),
                e.hint());
    }

    /// Message and hint in one line.
    public String text() {
        return hint.isEmpty() ? message : message + "; " + hint;
    }
}
