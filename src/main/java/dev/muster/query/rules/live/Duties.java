package dev.muster.query.rules.live;

/// Which groups this node evaluates. Thread-safe.
public interface Duties {
    /// All of them: there is no other node.
    Duties ALL =
            new Duties() {
                @Override
                public boolean isMine(String group) {
                    return true;
                }

                @Override
                public boolean isShared() {
                    return false;
                }
            };

    /// Is the group this node's to evaluate, now?
    ///
    /// @param group its file and name
    boolean isMine(String group);

    /// Are there other nodes that may have evaluated it until now?
    boolean isShared();
}
