package dev.muster.agent.scrape.fetch;

/// A body that this process keeps: an array that nobody changes.
public final class KeptBody {
    private final byte[] bytes;

    /// @param bytes not changed from now on
    public KeptBody(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The array itself, to be read only.
    public byte[] bytes() {
        return bytes;
    }
}
