package dev.muster.agent.scrape.fetch;

import java.util.zip.CRC32C;

/// Inflates bodies in snappy's framed format: blocks one after the other, as stream encoders write
/// them.
final class SnappyFrames {
    /*
     * A chunk is its kind, its length in three bytes, the least first, and that many bytes; compressed
     * and plain ones begin with a masked CRC32C of what they inflate to [1]. The first chunk names the
     * format: no block that begins so is whole.
     *
     * [1] https://github.com/google/snappy/blob/main/framing_format.txt
     */
    private static final byte[] BEGIN = {(byte) 0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'};
    private static final int COMPRESSED = 0;
    private static final int PLAIN = 1;
    private static final int FIRST_SKIPPED = 0x80;
    private static final int HEAD = 4;
    private static final int CHECKSUM = 4;
    private static final int MASK = 0xa282ead8;

    private SnappyFrames() {}

    /// Does a body begin as this format does?
    static boolean begins(byte[] in, int length) {
        if (length < BEGIN.length) {
            return false;
        }
        for (int i = 0; i < BEGIN.length; i++) {
            if (in[i] != BEGIN[i]) {
                return false;
            }
        }
        return true;
    }

    /// @throws FetchException if the bytes are no whole chunks, or `out` takes no more
    static void inflate(byte[] in, int length, BoundedBody out) throws FetchException {
        int at = 0;
        while (at < length) {
            if (length - at < HEAD) {
                throw damaged(at, "a chunk is cut short");
            }
            int kind = in[at] & 0xff;
            int size = number(in, at + 1, 3);
            int from = at + HEAD;
            if (size > length - from) {
                throw damaged(at, "a chunk passes the end");
            }
            if (kind == COMPRESSED || kind == PLAIN) {
                chunk(in, from, from + size, kind == COMPRESSED, out);
            } else if (kind < FIRST_SKIPPED) {
                throw damaged(at, "a chunk has an unknown kind");
            }
            at = from + size;
        }
    }

    private static void chunk(byte[] in, int from, int to, boolean compressed, BoundedBody out)
            throws FetchException {
        if (to - from < CHECKSUM) {
            throw damaged(from, "a chunk has no checksum");
        }
        int begin = out.length();
        int data = from + CHECKSUM;
        if (compressed) {
            SnappyBody.inflate(in, data, to, out);
        } else {
            out.reserve(to - data);
            System.arraycopy(in, data, out.bytes(), begin, to - data);
            out.grow(to - data);
        }
        if (number(in, from, CHECKSUM) != checksum(out.bytes(), begin, out.length())) {
            throw damaged(from, "a checksum is wrong");
        }
    }

    private static int number(byte[] in, int from, int bytes) {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (in[from + i] & 0xff) << (8 * i);
        }
        return value;
    }

    private static int checksum(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    private static FetchException damaged(int at, String how) {
        return new FetchException(
                FetchFault.ENCODING, "snappy frames must be whole: offsetBytes=" + at + ", " + how);
    }
}
