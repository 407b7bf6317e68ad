package dev.muster.query.alertmanager.dispatch;

/// Who of several nodes tells of a group. Thread-safe.
@FunctionalInterface
public interface Claims {
    /// There is no other node.
    Claims ALL = _ -> Claim.MINE;

    /// What this node is to a group.
    enum Claim {
        /// Another node tells.
        OTHERS,
        /// This node tells.
        MINE,
        /// This node tells in place of one that is not heard, and that may be telling, too.
        MINE_UNSURE
    }

    /// What this node is to a group, now.
    ///
    /// @param groupKey of the group
    Claim of(String groupKey);

    /// Whether a run of another node is heard now.
    ///
    /// @param node its name
    /// @param run tells its runs apart
    default boolean lives(String node, long run) {
        return false;
    }
}
