package dev.muster.federation.detect;

/// Share of beats that are lost, of late: both counts fade with a half-life of ten seconds.
/// Immutable.
record LossEstimate(double heard, double lost, long atMs) {
    private static final double HALF_LIFE_MS = 10_000;

    /// A longer gap is a cut or a pause and says nothing of random loss.
    static final long GAP_LIMIT = 8;

    static LossEstimate from(long nowMs) {
        return new LossEstimate(0, 0, nowMs);
    }

    /// With what came and what did not since the last call.
    LossEstimate with(long more, long missed, long nowMs) {
        double fade = Math.pow(0.5, Math.max(0, nowMs - atMs) / HALF_LIFE_MS);
        return new LossEstimate(heard * fade + more, lost * fade + missed, nowMs);
    }

    /// 0 to 1.
    double ratio() {
        return lost == 0 ? 0 : lost / (lost + heard);
    }

    /// How many beats in a row are missing only by chance no more often than `chance`.
    int beatsFor(double chance) {
        double ratio = ratio();
        return ratio < 0.01
                ? 1
                : (int) Math.ceil(Math.log(chance) / Math.log(Math.min(ratio, 0.9)));
    }
}
