package dev.muster.head.memory;

/// What the store holds itself to.
///
/// @param windowMs length of a window
/// @param outOfOrderMs how far behind the clock samples are taken
/// @param maxAheadMs how far before the clock samples are taken
/// @param series most series
/// @param latePerSeries most out-of-order samples of a series that wait to be sealed
/// @param openBytes memory for streams that are not sealed, roughly
/// @param walSegmentBytes size of a segment of the log
/// @param exemplars most exemplars of all series together
/// @param idleMs a series without a sample for so long is taken out of memory
public record Limits(
        long windowMs,
        long outOfOrderMs,
        long maxAheadMs,
        int series,
        int latePerSeries,
        long openBytes,
        long walSegmentBytes,
        int exemplars,
        long idleMs) {
    /// More bytes for an open stream gain little.
    private static final int MOST_SLOT_BYTES = 512;

    /// With fewer, the cost of each chunk weighs more than its samples.
    private static final int LEAST_SLOT_BYTES = 48;

    /// Bytes of open stream that each of so many series may take on average.
    int slotBytes(int seriesCount) {
        long share = openBytes / Math.max(1, seriesCount);
        return (int) Math.max(LEAST_SLOT_BYTES, Math.min(MOST_SLOT_BYTES, share));
    }
}
