package dev.muster.model.series;

/// What reading samples would take, as far as it can be told without reading any.
///
/// @param blocks that would be read
/// @param samples that would be decoded, about
/// @param bytes that would be fetched, about, if no cache had them
/// @param agents that would be asked
/// @param agentsSkipped that would not be asked, because they hold no such metric
public record ReadEstimate(long blocks, long samples, long bytes, long agents, long agentsSkipped) {
    /// Nothing is known.
    public static final ReadEstimate NONE = new ReadEstimate(0, 0, 0, 0, 0);

    /// Of blocks alone.
    public ReadEstimate(long blocks, long samples, long bytes) {
        this(blocks, samples, bytes, 0, 0);
    }

    /// Of agents alone.
    public static ReadEstimate ofAgents(long asked, long skipped) {
        return new ReadEstimate(0, 0, 0, asked, skipped);
    }

    public ReadEstimate plus(ReadEstimate other) {
        return new ReadEstimate(
                blocks + other.blocks,
                samples + other.samples,
                bytes + other.bytes,
                agents + other.agents,
                agentsSkipped + other.agentsSkipped);
    }
}
