package dev.muster.promql.part;

import java.io.IOException;

/// A part was reached, but the query has no answer there: it fails as a whole.
public final class PartException extends IOException {
    private final Kind kind;

    /// Why there is no answer; those of a query as such.
    public enum Kind {
        PARSE,
        EXECUTION,
        LIMIT,
        TIMEOUT,
        CANCELLED
    }

    public PartException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
