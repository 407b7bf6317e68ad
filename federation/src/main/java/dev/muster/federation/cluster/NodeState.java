package dev.muster.federation.cluster;

/// What a query node says of itself.
public enum NodeState {
    /// Has not read the catalog yet: owns nothing.
    STARTING(1),
    /// Answers for its share.
    READY(2),
    /// Stops soon: owns nothing any more.
    LEAVING(3);

    private final int code;

    NodeState(int code) {
        this.code = code;
    }

    /// As in a frame.
    int code() {
        return code;
    }
}
