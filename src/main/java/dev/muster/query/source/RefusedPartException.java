package dev.muster.query.source;

import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.util.Optional;

/// An agent was reached, but answers no parts of queries, or not this one, or not now.
final class RefusedPartException extends IOException {
    /// Says in which time the agent has series of others: Unix milliseconds, `from-to`.
    static final String SHARED_HEADER = "Muster-Shared";

    /// The agent has a series that another may have, too.
    private static final int CONFLICT = 409;

    /// It is not the agent that it was taken for.
    private static final int MISDIRECTED = 421;

    private final int status;
    private final transient Optional<TimeRange> concerned;

    RefusedPartException(int status, String message, HttpHeaders headers) {
        super(message);
        this.status = status;
        concerned = headers.firstValue(SHARED_HEADER).flatMap(RefusedPartException::range);
    }

    private static Optional<TimeRange> range(String text) {
        int dash = text.indexOf('-');
        try {
            long startMs = Long.parseLong(text, 0, Math.max(0, dash), 10);
            return Optional.of(
                    new TimeRange(startMs, Long.parseLong(text, dash + 1, text.length(), 10)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Must its series be put together with those of others, sample by sample?
    boolean shared() {
        return status == CONFLICT || status == MISDIRECTED;
    }

    /// The time in which it has series of others; empty if it did not say.
    Optional<TimeRange> concerned() {
        return concerned;
    }
}
