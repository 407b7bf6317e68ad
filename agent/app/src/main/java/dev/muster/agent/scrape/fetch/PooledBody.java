package dev.muster.agent.scrape.fetch;

import org.jspecify.annotations.Nullable;

/// A body that somebody sends here, collected within a limit and within the budget of a pool.
/// Belongs to one thread at a time.
public final class PooledBody implements AutoCloseable {
    private final BodyPool pool;
    private final long limitBytes;
    private @Nullable BodyBuffer buffer;

    private PooledBody(BodyPool pool, long limitBytes, BodyBuffer buffer) {
        this.pool = pool;
        this.limitBytes = limitBytes;
        this.buffer = buffer;
    }

    /// An empty body.
    ///
    /// @param limitBytes most bytes that it may have, as received and inflated
    /// @throws FetchException if the budget of the pool is used up
    public static PooledBody open(BodyPool pool, long limitBytes) throws FetchException {
        @Nullable BodyBuffer buffer = pool.acquire();
        if (buffer == null) {
            throw FetchException.overBudget(pool);
        }
        return new PooledBody(pool, limitBytes, buffer);
    }

    /// @throws FetchException if the limit is passed, or the budget used up
    public void append(byte[] chunk) throws FetchException {
        BodyBuffer held = held();
        if ((long) held.length + chunk.length > limitBytes) {
            throw FetchException.overLimit(limitBytes);
        }
        new BoundedBody(pool, held, limitBytes).append(chunk, chunk.length);
    }

    /// Replaces the body by what it inflates to.
    ///
    /// @throws FetchException if it is damaged, passes the limit, or the budget is used up
    public void inflate(BodyEncoding encoding) throws FetchException {
        if (encoding == BodyEncoding.IDENTITY) {
            return;
        }
        BodyBuffer compressed = held();
        try (BodyInflater inflater = new BodyInflater(pool)) {
            buffer = inflater.inflate(encoding, compressed.bytes, compressed.length, limitBytes);
        }
        pool.release(compressed);
    }

    /// Valid until the next call; [#length()] of them are the body.
    public byte[] bytes() {
        return held().bytes;
    }

    public int length() {
        return held().length;
    }

    private BodyBuffer held() {
        BodyBuffer held = buffer;
        if (held == null) {
            throw new IllegalStateException("body must not be closed");
        }
        return held;
    }

    /// Gives the memory back.
    @Override
    public void close() {
        BodyBuffer held = buffer;
        buffer = null;
        if (held != null) {
            pool.release(held);
        }
    }
}
