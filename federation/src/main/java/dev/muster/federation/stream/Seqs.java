package dev.muster.federation.stream;

import java.util.Arrays;

/// Low bytes of beat numbers, one a host. Immutable.
public final class Seqs {
    /// None.
    public static final Seqs NONE = new Seqs(new byte[0]);

    private final byte[] low;

    private Seqs(byte[] low) {
        this.low = low;
    }

    /// Of these numbers.
    public static Seqs of(long... seqs) {
        byte[] low = new byte[seqs.length];
        for (int i = 0; i < low.length; i++) {
            low[i] = (byte) seqs[i];
        }
        return new Seqs(low);
    }

    /// Of these bytes.
    static Seqs ofBytes(byte[] low) {
        return new Seqs(low.clone());
    }

    byte[] toBytes() {
        return low.clone();
    }

    /// How many.
    public int size() {
        return low.length;
    }

    /// The number in that place, if `before` is a number it had at most 127 beats ago; one that is
    /// older than `before` leaves it as it is.
    public long after(int index, long before) {
        int ahead = (byte) (low[index] - (byte) before);
        return ahead > 0 ? before + ahead : before;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Seqs that && Arrays.equals(low, that.low);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(low);
    }
}
