package dev.muster.agent.fleet;

import org.jspecify.annotations.Nullable;

/// What another agent answered. Immutable.
public final class PeerAnswer {
    private final int status;
    private final byte[] body;
    private final @Nullable String seal;

    /// @param body becomes the answer's
    public PeerAnswer(int status, byte[] body, @Nullable String seal) {
        this.status = status;
        this.body = body;
        this.seal = seal;
    }

    public int status() {
        return status;
    }

    /// Not to be written to.
    public byte[] body() {
        return body;
    }

    /// The header that proves that the other knows the secret of the fleet; null without one.
    public @Nullable String seal() {
        return seal;
    }
}
