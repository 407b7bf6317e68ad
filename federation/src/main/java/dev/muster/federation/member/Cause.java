package dev.muster.federation.member;

/// Why a member is not simply up.
///
/// The codes are part of the wire format: a cause keeps its code for ever. Places kept for what
/// takeover probes and several cells will tell apart: 32 `HOST_DOWN`, 33 `ONE_WAY`, 34 `RACK_DOWN`,
/// 35 `ZONE_STALE`.
public enum Cause {
    /// The agent's process is gone: its connections were reset, or nobody listens on its port.
    AGENT_DOWN(1, "down"),
    /// The agent's process is silent, yet its port takes connections: stopped, starved or hung.
    AGENT_STALLED(2, "stalled"),
    /// Nothing is heard of the agent or its host: power, network or kernel.
    UNREACHABLE(3, "unreachable"),
    /// Some agents of the cell hear it and some do not: a fault of the network, not of the member.
    PARTIAL(4, "partly reachable"),
    /// Known by name, but this observer has not heard it yet.
    NOT_HEARD(5, "not heard yet"),
    /// No agent of the cell answers the one who asks: nothing can be said.
    NO_OBSERVER(6, "no observer");

    private final int code;
    private final String text;

    Cause(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /// The number that stands for this cause in frames, 1 to 127.
    public int code() {
        return code;
    }

    /// One or two words for people, lower case.
    public String text() {
        return text;
    }

    /// The cause of a code.
    ///
    /// @throws FrameException if no cause has that code
    public static Cause ofCode(int code) throws FrameException {
        for (Cause cause : values()) {
            if (cause.code == code) {
                return cause;
            }
        }
        throw new FrameException("cause must have a known code: found=" + code);
    }
}
