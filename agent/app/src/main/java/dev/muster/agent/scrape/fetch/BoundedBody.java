package dev.muster.agent.scrape.fetch;

/// A buffer that grows up to a limit, within the budget of a pool. Belongs to one thread at a time.
final class BoundedBody {
    private final BodyPool pool;
    private final BodyBuffer buffer;
    private final long limitBytes;

    /// @param limitBytes most bytes; 0 for no limit
    BoundedBody(BodyPool pool, BodyBuffer buffer, long limitBytes) {
        this.pool = pool;
        this.buffer = buffer;
        this.limitBytes = limitBytes;
    }

    byte[] bytes() {
        return buffer.bytes;
    }

    int length() {
        return buffer.length;
    }

    /// Free bytes after [#length()].
    int room() {
        return buffer.bytes.length - buffer.length;
    }

    /// Makes room for that many bytes more.
    ///
    /// @throws FetchException if the budget is used up
    void reserve(int more) throws FetchException {
        if (!pool.reserve(buffer, more)) {
            throw FetchException.overBudget(pool);
        }
    }

    /// Bytes were written after [#length()].
    ///
    /// @throws FetchException if they are more than the limit allows
    void grow(int count) throws FetchException {
        buffer.length += count;
        if (limitBytes > 0 && buffer.length > limitBytes) {
            throw FetchException.overLimit(limitBytes);
        }
    }

    /// @throws FetchException if a body of that size would be more than the limit allows
    void refuseBeyond(long sizeBytes) throws FetchException {
        if (limitBytes > 0 && sizeBytes > limitBytes) {
            throw FetchException.overLimit(limitBytes);
        }
    }

    void append(byte[] from, int count) throws FetchException {
        reserve(count);
        System.arraycopy(from, 0, buffer.bytes, buffer.length, count);
        grow(count);
    }
}
