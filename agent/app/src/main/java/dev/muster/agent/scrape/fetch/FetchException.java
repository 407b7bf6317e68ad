package dev.muster.agent.scrape.fetch;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A fetch cannot go on. The message says why, in words and without secrets.
public final class FetchException extends IOException {
    private final FetchFault fault;

    FetchException(FetchFault fault, String message) {
        this(fault, message, null);
    }

    FetchException(FetchFault fault, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public FetchFault fault() {
        return fault;
    }

    /// The message, which is always there.
    public String reason() {
        return String.valueOf(getMessage());
    }

    static FetchException overLimit(long limitBytes) {
        return new FetchException(
                FetchFault.BODY_SIZE, "body_size_limit exceeded: limitBytes=" + limitBytes);
    }

    static FetchException overBudget(BodyPool pool) {
        return new FetchException(
                FetchFault.BODY_MEMORY,
                "memory for bodies is used up: budgetBytes=" + pool.budgetBytes());
    }
}
