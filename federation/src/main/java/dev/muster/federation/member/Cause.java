package dev.muster.federation.member;

/// Why a member is not simply up.
///
/// The codes are part of the wire format: a cause keeps its code for ever.
public enum Cause {
    /// None: nothing is amiss.
    NONE(0, ""),
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
    NO_OBSERVER(6, "no observer"),
    /// The service does not answer, or says that it is ill, while its host and agent are well.
    SERVICE_DOWN(7, "service down"),
    /// It left on purpose.
    LEFT(8, "left"),
    /// The host is dead: a quorum does not hear it, and nothing on it answered those who asked.
    HOST_DOWN(32, "host down"),
    /// It hears nobody, yet others hear it: it receives nothing.
    ONE_WAY(33, "hears nobody"),
    /// Its whole rack fell silent at once.
    RACK_DOWN(34, "rack down"),
    /// No word from much of its zone at once.
    ZONE_STALE(35, "zone silent"),
    /// The one who says so is cut off from so much of the cell that no quorum is possible.
    PARTITION(36, "cut off"),
    /// It should be there, and nobody has ever heard of it or knows where it went.
    MISSING(37, "missing"),
    /// Its agent has announced that it starts anew.
    RESTARTING(38, "restarting"),
    /// Its host is being emptied.
    DRAIN(39, "draining"),
    /// Its host is worked on.
    MAINT(40, "maintenance"),
    /// Those who took over have no room to look after it.
    CAPACITY(41, "no capacity to look"),
    /// It can be reached from its own host only, and its agent is lost.
    UNPROBEABLE(42, "not reachable for others");

    private final int code;
    private final String text;

    Cause(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /// The number that stands for this cause in frames, 0 to 127.
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
