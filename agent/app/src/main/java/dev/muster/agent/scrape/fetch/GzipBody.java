package dev.muster.agent.scrape.fetch;

import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Inflates gzip bodies (RFC 1952) within a size. One for all targets; confined to the thread that
/// appends.
public final class GzipBody implements AutoCloseable {
    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int HAS_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int STEP_BYTES = 16 << 10;

    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final BodyPool pool;

    public GzipBody(BodyPool pool) {
        this.pool = pool;
    }

    /// The inflated body; release it as any other. The compressed one stays the caller's.
    ///
    /// @param limitBytes most bytes it may have; 0 for no limit
    /// @throws IOException if the bytes are no gzip, damaged, or inflate to more than the limit
    public FetchResult.Received inflate(FetchResult.Received compressed, long limitBytes)
            throws IOException {
        @Nullable BodyBuffer out = pool.acquire();
        if (out == null) {
            throw HttpFetch.overBudget(pool);
        }
        boolean done = false;
        try {
            int at = 0;
            do {
                at = member(compressed.bytes(), at, compressed.length(), out, limitBytes);
            } while (at < compressed.length());
            done = true;
            return new FetchResult.Received(compressed.format(), out, pool, false);
        } finally {
            if (!done) {
                pool.release(out);
            }
        }
    }

    /// Inflates one member and returns where the next starts.
    private int member(byte[] in, int start, int end, BodyBuffer out, long limitBytes)
            throws IOException {
        int at = header(in, start, end);
        int outStart = out.length;
        inflater.reset();
        inflater.setInput(in, at, end - at);
        try {
            while (!inflater.finished()) {
                if (!pool.reserve(out, STEP_BYTES)) {
                    throw HttpFetch.overBudget(pool);
                }
                int count = inflater.inflate(out.bytes, out.length, out.bytes.length - out.length);
                out.length += count;
                if (limitBytes > 0 && out.length > limitBytes) {
                    throw HttpFetch.overLimit(limitBytes);
                }
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw damaged("cut short", end);
                }
            }
        } catch (DataFormatException e) {
            throw damaged(String.valueOf(e.getMessage()), at);
        }
        return trailer(in, end - inflater.getRemaining(), end, out, outStart);
    }

    private int header(byte[] in, int start, int end) throws IOException {
        require(in, start, end, HEADER_BYTES);
        if ((in[start] & 0xff) != 0x1f || (in[start + 1] & 0xff) != 0x8b || in[start + 2] != 8) {
            throw damaged("does not start as gzip", start);
        }
        int flags = in[start + 3];
        int at = start + HEADER_BYTES;
        if ((flags & HAS_EXTRA) != 0) {
            require(in, at, end, 2);
            at += 2 + ((in[at] & 0xff) | ((in[at + 1] & 0xff) << 8));
        }
        if ((flags & HAS_NAME) != 0) {
            at = pastZero(in, at, end);
        }
        if ((flags & HAS_COMMENT) != 0) {
            at = pastZero(in, at, end);
        }
        if ((flags & HAS_CHECKSUM) != 0) {
            at += 2;
        }
        require(in, at, end, 0);
        return at;
    }

    private int trailer(byte[] in, int at, int end, BodyBuffer out, int outStart)
            throws IOException {
        require(in, at, end, TRAILER_BYTES);
        checksum.reset();
        checksum.update(out.bytes, outStart, out.length - outStart);
        if (intAt(in, at) != (int) checksum.getValue()) {
            throw damaged("checksum does not match", at);
        }
        return at + TRAILER_BYTES;
    }

    private static int intAt(byte[] in, int at) {
        return (in[at] & 0xff)
                | ((in[at + 1] & 0xff) << 8)
                | ((in[at + 2] & 0xff) << 16)
                | ((in[at + 3] & 0xff) << 24);
    }

    private static int pastZero(byte[] in, int start, int end) throws IOException {
        for (int at = start; at < end; at++) {
            if (in[at] == 0) {
                return at + 1;
            }
        }
        throw damaged("cut short", end);
    }

    private static void require(byte[] in, int at, int end, int bytes) throws IOException {
        if (at < 0 || bytes > end - at || end > in.length) {
            throw damaged("cut short", end);
        }
    }

    private static IOException damaged(String how, int offsetBytes) {
        return new IOException("gzip body must be whole: offsetBytes=" + offsetBytes + ", " + how);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
