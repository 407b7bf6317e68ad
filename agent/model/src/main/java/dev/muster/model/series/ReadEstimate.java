package dev.muster.model.series;

/// What reading samples would take, as far as it can be told without reading any.
///
/// @param blocks that would be read
/// @param samples that would be decoded, about
/// @param bytes that would be fetched, about, if no cache had them
public record ReadEstimate(long blocks, long samples, long bytes) {
    /// Nothing is known.
    public static final ReadEstimate NONE = new ReadEstimate(0, 0, 0);

    public ReadEstimate plus(ReadEstimate other) {
        return new ReadEstimate(
                blocks + other.blocks, samples + other.samples, bytes + other.bytes);
    }
}
