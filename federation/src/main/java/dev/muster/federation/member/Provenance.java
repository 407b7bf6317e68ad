package dev.muster.federation.member;

/// Who says how a service is. Codes are part of the wire format.
public enum Provenance {
    /// Nobody.
    NONE(0, "none"),
    /// The agent of its own host.
    OWN(1, "own"),
    /// A peer that took over from a lost agent.
    PEER(2, "peer"),
    /// Concluded from the death of the host.
    HOST(3, "host"),
    /// Concluded later, from when a process started.
    INFERRED(4, "inferred");

    private static final Provenance[] BY_CODE = values();

    private final int code;
    private final String label;

    Provenance(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /// The number that stands for it in frames.
    public int code() {
        return code;
    }

    /// Its name in answers and metrics, lower case.
    public String label() {
        return label;
    }

    /// The provenance of a code.
    ///
    /// @throws FrameException if none has that code
    public static Provenance ofCode(int code) throws FrameException {
        if (code < 0 || code >= BY_CODE.length) {
            throw new FrameException("provenance must have a known code: found=" + code);
        }
        return BY_CODE[code];
    }
}
