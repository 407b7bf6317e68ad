package dev.muster.agent.scrape.fetch;

/// Inflates bodies of one snappy block, as remote write sends them.
final class SnappyBody {
    /*
     * A block is its inflated length as a varint, then elements: literals, and copies of bytes that
     * were inflated before [1]. The length is looked at before there is memory for it, and an element
     * that would pass it is refused, so a small block cannot become a large body unnoticed.
     *
     * [1] https://github.com/google/snappy/blob/main/format_description.txt
     */
    private static final int LITERAL = 0;
    private static final int COPY_11 = 1;
    private static final int COPY_16 = 2;
    private static final int LONGEST_INLINE_LITERAL = 60;

    private final byte[] in;
    private final int end;
    private int at;

    private SnappyBody(byte[] in, int from, int end) {
        this.in = in;
        this.end = end;
        at = from;
    }

    /// @throws FetchException if the bytes are no whole block, or `out` takes no more
    static void inflate(byte[] in, int from, int to, BoundedBody out) throws FetchException {
        new SnappyBody(in, from, to).inflate(out);
    }

    private void inflate(BoundedBody out) throws FetchException {
        long size = size();
        int begin = out.length();
        out.refuseBeyond(begin + size);
        out.reserve((int) size);
        while (at < end) {
            int left = (int) size - (out.length() - begin);
            int tag = in[at++] & 0xff;
            if ((tag & 3) == LITERAL) {
                literal(tag >>> 2, left, out);
            } else {
                copy(tag, begin, left, out);
            }
        }
        if (out.length() - begin != size) {
            throw damaged("cut short");
        }
    }

    private long size() throws FetchException {
        long size = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int b = next();
            size |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                if (size > Integer.MAX_VALUE) {
                    throw damaged("its length makes no sense");
                }
                return size;
            }
        }
        throw damaged("its length makes no sense");
    }

    private void literal(int code, int left, BoundedBody out) throws FetchException {
        long length = code + 1L;
        if (code >= LONGEST_INLINE_LITERAL) {
            length = 1 + number(code - LONGEST_INLINE_LITERAL + 1);
        }
        if (length > left || length > end - at) {
            throw damaged("a literal passes its end");
        }
        System.arraycopy(in, at, out.bytes(), out.length(), (int) length);
        at += (int) length;
        out.grow((int) length);
    }

    private void copy(int tag, int begin, int left, BoundedBody out) throws FetchException {
        int kind = tag & 3;
        int length = kind == COPY_11 ? 4 + (tag >>> 2 & 7) : 1 + (tag >>> 2);
        long offset =
                switch (kind) {
                    case COPY_11 -> (tag >>> 5 << 8) | next();
                    case COPY_16 -> number(2);
                    default -> number(4);
                };
        if (offset == 0 || offset > out.length() - begin || length > left) {
            throw damaged("a copy leaves the body");
        }
        byte[] bytes = out.bytes();
        int to = out.length();
        int from = to - (int) offset;
        // byte by byte: where they overlap, what was just written is copied again
        for (int i = 0; i < length; i++) {
            bytes[to + i] = bytes[from + i];
        }
        out.grow(length);
    }

    private long number(int bytes) throws FetchException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) next() << (8 * i);
        }
        return value;
    }

    private int next() throws FetchException {
        if (at >= end) {
            throw damaged("cut short");
        }
        return in[at++] & 0xff;
    }

    private FetchException damaged(String how) {
        return new FetchException(
                FetchFault.ENCODING, "snappy block must be whole: offsetBytes=" + at + ", " + how);
    }
}
