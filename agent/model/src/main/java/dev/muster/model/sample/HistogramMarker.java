package dev.muster.model.sample;

/// Stands in the column of values where a sample is a native histogram: a NaN with its own payload.
///
/// Code that copies values thus carries histograms along without knowing of them, and none is taken
/// for a number. Sinks store a number with these bits as an ordinary NaN.
public final class HistogramMarker {
    /// Bits of the marker.
    public static final long BITS = 0x7ff0_4849_5354_0001L;

    /// The marker as a value.
    public static final double VALUE = Double.longBitsToDouble(BITS);

    private HistogramMarker() {}

    public static boolean isHistogram(double value) {
        return Double.doubleToRawLongBits(value) == BITS;
    }

    /// The value itself, but an ordinary NaN in place of the marker: what sinks do to numbers.
    public static double number(double value) {
        return isHistogram(value) ? Double.longBitsToDouble(Staleness.NORMAL_NAN_BITS) : value;
    }
}
