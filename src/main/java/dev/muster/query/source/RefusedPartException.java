package dev.muster.query.source;

import java.io.IOException;

/// An agent was reached, but answers no parts of queries, or not this one, or not now.
final class RefusedPartException extends IOException {
    /// The agent has a series that another may have, too.
    private static final int CONFLICT = 409;

    /// It is not the agent that it was taken for.
    private static final int MISDIRECTED = 421;

    private final int status;

    RefusedPartException(int status, String message) {
        super(message);
        this.status = status;
    }

    /// Must its series be put together with those of others, sample by sample?
    boolean shared() {
        return status == CONFLICT || status == MISDIRECTED;
    }
}
