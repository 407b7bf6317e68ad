package dev.muster.agent.push;

/// How much may be pushed.
///
/// @param groups most groups
/// @param bytes most bytes of all groups together, as they are held
/// @param ttlMs lifetime of a group whose push names none; 0 for ever
public record PushLimits(int groups, long bytes, long ttlMs) {
    /// Of the room for all groups one may take so much: while it changes it is in memory several
    /// times.
    private static final int SHARE = 4;

    /// Most bytes of one group.
    public long groupBytes() {
        return Math.max(1, bytes / SHARE);
    }

    public PushLimits {
        if (groups <= 0 || bytes <= 0 || ttlMs < 0) {
            throw new IllegalArgumentException(
                    "push limits must be positive and the lifetime not negative: groups="
                            + groups
                            + ", bytes="
                            + bytes
                            + ", ttlMs="
                            + ttlMs);
        }
    }
}
