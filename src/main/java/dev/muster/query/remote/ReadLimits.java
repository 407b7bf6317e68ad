package dev.muster.query.remote;

/// What one remote read may answer.
///
/// @param samples most samples of an answer that is one message
/// @param answerBytes most bytes of an answer that is one message
/// @param frameBytes where a frame of a stream ends; one chunk may go over it
public record ReadLimits(long samples, long answerBytes, int frameBytes) {
    /// As Prometheus has it, and as much as a node can hold at once.
    public static final ReadLimits DEFAULT = new ReadLimits(50_000_000, 128 << 20, 1 << 20);

    public ReadLimits {
        if (samples < 1 || answerBytes < 1 || frameBytes < 1) {
            throw new IllegalArgumentException(
                    "read limits must be positive: samples="
                            + samples
                            + ", answerBytes="
                            + answerBytes
                            + ", frameBytes="
                            + frameBytes);
        }
    }

    void checkSamples(long found) throws ReadLimitException {
        if (found > samples) {
            throw new ReadLimitException("exceeded sample limit (" + samples + ")");
        }
    }

    void checkBytes(long found) throws ReadLimitException {
        if (found > answerBytes) {
            throw new ReadLimitException(
                    "answer must be read as a stream of chunks: limitBytes=" + answerBytes);
        }
    }
}
