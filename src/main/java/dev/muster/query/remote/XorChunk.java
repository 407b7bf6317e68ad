package dev.muster.query.remote;

/// Writes numbers with their times as one XOR chunk of Prometheus. Reused; owned by one thread.
final class XorChunk {
    /*
     * Two bytes with the number of samples; the first time as a varint and the first value in 64
     * bits; the second time as the distance from the first, a uvarint; each further time as the
     * change of that distance, in 0, 14, 17, 20 or 64 bits after a prefix. Values follow their times.
     */
    private final BitWriter out = new BitWriter();
    private final XorValue value = new XorValue();
    private int count;
    private long lastMs;
    private long distanceMs;

    void clear() {
        out.clear();
        out.bits(0, 16);
        count = 0;
    }

    int count() {
        return count;
    }

    void append(long timestampMs, double number) {
        if (count == 0) {
            out.varint(timestampMs);
            value.first(out, number);
        } else {
            long newDistanceMs = timestampMs - lastMs;
            if (count == 1) {
                out.uvarint(newDistanceMs);
            } else {
                change(newDistanceMs - distanceMs);
            }
            distanceMs = newDistanceMs;
            value.next(out, number);
        }
        lastMs = timestampMs;
        count++;
    }

    private void change(long ms) {
        if (ms == 0) {
            out.bit(false);
        } else if (BitWriter.fits(ms, 14)) {
            out.bits(0b10, 2);
            out.bits(ms, 14);
        } else if (BitWriter.fits(ms, 17)) {
            out.bits(0b110, 3);
            out.bits(ms, 17);
        } else if (BitWriter.fits(ms, 20)) {
            out.bits(0b1110, 4);
            out.bits(ms, 20);
        } else {
            out.bits(0b1111, 4);
            out.bits(ms, 64);
        }
    }

    /// The chunk; valid until the next change.
    BitWriter finish() {
        out.setByte(0, count >>> 8);
        out.setByte(1, count);
        return out;
    }
}
