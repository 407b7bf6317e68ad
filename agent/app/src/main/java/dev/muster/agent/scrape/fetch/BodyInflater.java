package dev.muster.agent.scrape.fetch;

import org.jspecify.annotations.Nullable;

/// Inflates bodies within a size. One for all targets; confined to the thread that appends.
public final class BodyInflater implements AutoCloseable {
    private final BodyPool pool;
    private final GzipBody gzip = new GzipBody();

    public BodyInflater(BodyPool pool) {
        this.pool = pool;
    }

    /// The inflated body; release it as any other. The compressed one stays the caller's.
    ///
    /// @param limitBytes most bytes it may have; 0 for no limit
    /// @throws FetchException if the body is damaged, or inflates to more than the limit
    public FetchResult.Received inflate(FetchResult.Received compressed, long limitBytes)
            throws FetchException {
        BodyBuffer out =
                inflate(compressed.encoding(), compressed.bytes(), compressed.length(), limitBytes);
        return compressed.inflated(out);
    }

    /// The inflated bytes in a buffer of the pool; the caller releases it.
    BodyBuffer inflate(BodyEncoding encoding, byte[] in, int length, long limitBytes)
            throws FetchException {
        @Nullable BodyBuffer buffer = pool.acquire();
        if (buffer == null) {
            throw FetchException.overBudget(pool);
        }
        BoundedBody out = new BoundedBody(pool, buffer, limitBytes);
        boolean done = false;
        try {
            switch (encoding) {
                case IDENTITY -> out.append(in, length);
                case GZIP -> gzip.inflate(in, length, out);
                case ZSTD -> ZstdBody.inflate(in, length, out);
                case SNAPPY -> {
                    if (SnappyFrames.begins(in, length)) {
                        SnappyFrames.inflate(in, length, out);
                    } else {
                        SnappyBody.inflate(in, 0, length, out);
                    }
                }
            }
            done = true;
            return buffer;
        } finally {
            if (!done) {
                pool.release(buffer);
            }
        }
    }

    @Override
    public void close() {
        gzip.close();
    }
}
