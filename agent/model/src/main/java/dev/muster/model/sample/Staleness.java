package dev.muster.model.sample;

/// The staleness marker: a NaN with its own payload, which says that a series ended at this time.
///
/// An ordinary NaN is a value. The two differ only in their bits, so code that copies samples keeps
/// the bits and never computes with a marker. The payload is the one that Prometheus uses
/// (`model/value/value.go`).
public final class Staleness {
    /// Bits of the staleness marker.
    public static final long STALE_BITS = 0x7ff0000000000002L;

    /// Bits of the NaN that a computation or an exposed `NaN` yields.
    public static final long NORMAL_NAN_BITS = 0x7ff8000000000001L;

    /// The staleness marker as a value to append.
    public static final double STALE = Double.longBitsToDouble(STALE_BITS);

    private Staleness() {}

    public static boolean isStale(double value) {
        return Double.doubleToRawLongBits(value) == STALE_BITS;
    }
}
