package dev.muster.query.remote;

/// Writes doubles, each as what differs from the one before. Owned by a chunk writer.
final class XorValue {
    /*
     * Gorilla XOR encoding [1], section 4.1.2, with windows as Prometheus writes them: five bits say
     * how many zeros lead, at most 31; six bits how many bits follow, 64 as 0.
     *
     * [1] https://www.vldb.org/pvldb/vol8/p1816-teller.pdf
     */
    private static final int NO_WINDOW = 0xff;
    private static final int MOST_LEADING = 31;

    private long last;
    private int leading = NO_WINDOW;
    private int trailing;

    void first(BitWriter out, double value) {
        leading = NO_WINDOW;
        trailing = 0;
        last = Double.doubleToRawLongBits(value);
        out.bits(last, 64);
    }

    void next(BitWriter out, double value) {
        long bits = Double.doubleToRawLongBits(value);
        long changed = bits ^ last;
        last = bits;
        if (changed == 0) {
            out.bit(false);
            return;
        }
        out.bit(true);
        int newLeading = Math.min(MOST_LEADING, Long.numberOfLeadingZeros(changed));
        int newTrailing = Long.numberOfTrailingZeros(changed);
        if (leading != NO_WINDOW && newLeading >= leading && newTrailing >= trailing) {
            out.bit(false);
            out.bits(changed >>> trailing, 64 - leading - trailing);
            return;
        }
        leading = newLeading;
        trailing = newTrailing;
        int significant = 64 - leading - trailing;
        out.bit(true);
        out.bits(leading, 5);
        out.bits(significant & 63, 6);
        out.bits(changed >>> trailing, significant);
    }
}
