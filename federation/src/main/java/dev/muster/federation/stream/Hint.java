package dev.muster.federation.stream;

import dev.muster.federation.view.Hash64;
import java.util.Arrays;

/// What a host's agent says of the metric names it holds, or that nothing can be said. Immutable;
/// the bytes mean nothing here.
public final class Hint {
    /// Most bytes.
    public static final int SIZE_LIMIT = 64 << 10;

    private final String host;
    private final long incarnation;
    private final boolean fresh;
    private final byte[] bytes;
    private final long hash;

    /// @param incarnation the run of the agent that made it
    /// @param fresh whether every name that the agent holds now is in it
    /// @param bytes not changed any more; empty if there are none
    public Hint(String host, long incarnation, boolean fresh, byte[] bytes) {
        if (bytes.length > SIZE_LIMIT) {
            throw new IllegalArgumentException(
                    "hint must be at most " + SIZE_LIMIT + " bytes: length=" + bytes.length);
        }
        this.host = host;
        this.incarnation = incarnation;
        this.fresh = fresh;
        this.bytes = bytes;
        this.hash = Hash64.of(bytes);
    }

    /// The host.
    public String host() {
        return host;
    }

    /// The run of the agent that made it.
    public long incarnation() {
        return incarnation;
    }

    /// Whether every name that the agent holds now is in it.
    public boolean fresh() {
        return fresh;
    }

    /// Its bytes: not to be changed.
    public byte[] bytes() {
        return bytes;
    }

    /// What its bytes are called by.
    public long hash() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hint that
                && host.equals(that.host)
                && incarnation == that.incarnation
                && fresh == that.fresh
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash());
    }
}
