package dev.muster.bench;

/// The values of a series, each computed from its number alone, so that any part of a series can be
/// written without the part before it.
///
/// @param kind how values behave
/// @param seed what makes one series differ from another
/// @param scale size of values, or of what a counter gains in a second
record Signal(Kind kind, long seed, double scale) {
    /// How values behave.
    enum Kind {
        /// Counts whole things.
        WHOLE,
        /// Counts hundredths.
        FRACTION,
        /// Whole, up and down.
        LEVEL,
        /// Bytes, in pages of 4,096.
        BYTES,
        /// Changes seldom.
        RARE,
        /// Always 1.
        ONE
    }

    double at(long timeMs) {
        double seconds = timeMs / 1e3;
        return switch (kind) {
            case WHOLE -> Math.floor(gained(timeMs));
            case FRACTION -> Math.round(gained(timeMs) * 100) / 100.0;
            case LEVEL ->
                    Math.rint(
                            scale
                                    * (1
                                            + Math.sin(seconds / 4_000 + phase()) / 2
                                            + noise(timeMs) / 5));
            case BYTES ->
                    4_096
                            * Math.rint(
                                    scale
                                            / 4_096
                                            * (1
                                                    + Math.sin(seconds / 9_000 + phase()) / 2
                                                    + noise(timeMs) / 50));
            case RARE -> Math.floor(seconds / 900 + phase()) % 7;
            case ONE -> 1;
        };
    }

    /// Never falls: the noise is less than what is gained from one sample to the next.
    private double gained(long timeMs) {
        double step = 15;
        return 1e5
                + Math.abs(seed % 100_000)
                + scale * (timeMs / 1e3 % 10_000_000 + step * noise(timeMs));
    }

    private double phase() {
        return (seed & 1_023) / 100.0;
    }

    /// From 0 to 1, the same for the same time.
    private double noise(long timeMs) {
        return (mix(seed ^ timeMs * 0x9E3779B97F4A7C15L) >>> 11) * 0x1p-53;
    }

    static long mix(long value) {
        long a = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ a >>> 27) * 0x94D049BB133111EBL;
        return b ^ b >>> 31;
    }
}
