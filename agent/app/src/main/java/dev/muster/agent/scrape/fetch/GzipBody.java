package dev.muster.agent.scrape.fetch;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Inflates gzip bodies (RFC 1952). Confined to one thread.
final class GzipBody implements AutoCloseable {
    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int HAS_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int STEP_BYTES = 16 << 10;

    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();

    /// Inflates all members of a body.
    ///
    /// @throws FetchException if the bytes are no gzip or damaged, or `out` takes no more
    void inflate(byte[] in, int length, BoundedBody out) throws FetchException {
        int at = 0;
        do {
            at = member(in, at, length, out);
        } while (at < length);
    }

    /// Inflates one member and returns where the next starts.
    private int member(byte[] in, int start, int end, BoundedBody out) throws FetchException {
        int at = header(in, start, end);
        int outStart = out.length();
        inflater.reset();
        inflater.setInput(in, at, end - at);
        try {
            while (!inflater.finished()) {
                out.reserve(STEP_BYTES);
                int count = inflater.inflate(out.bytes(), out.length(), out.room());
                out.grow(count);
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw damaged("cut short", end);
                }
            }
        } catch (DataFormatException e) {
            throw damaged(String.valueOf(e.getMessage()), at);
        }
        return trailer(in, end - inflater.getRemaining(), end, out, outStart);
    }

    private int header(byte[] in, int start, int end) throws FetchException {
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

    private int trailer(byte[] in, int at, int end, BoundedBody out, int outStart)
            throws FetchException {
        require(in, at, end, TRAILER_BYTES);
        checksum.reset();
        checksum.update(out.bytes(), outStart, out.length() - outStart);
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

    private static int pastZero(byte[] in, int start, int end) throws FetchException {
        for (int at = start; at < end; at++) {
            if (in[at] == 0) {
                return at + 1;
            }
        }
        throw damaged("cut short", end);
    }

    private static void require(byte[] in, int at, int end, int bytes) throws FetchException {
        if (at < 0 || bytes > end - at || end > in.length) {
            throw damaged("cut short", end);
        }
    }

    private static FetchException damaged(String how, int offsetBytes) {
        return new FetchException(
                FetchFault.ENCODING,
                "gzip body must be whole: offsetBytes=" + offsetBytes + ", " + how);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
