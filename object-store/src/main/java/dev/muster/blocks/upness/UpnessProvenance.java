package dev.muster.blocks.upness;

import java.util.Locale;

/// Who says how a target is. Codes are part of the format of logs.
public enum UpnessProvenance {
    /// Nobody.
    NONE(0, 0),
    /// The agent of its own host.
    OWN(1, 4),
    /// A peer that took over from a lost agent.
    PEER(2, 3),
    /// Concluded from the death of the host.
    HOST(3, 2),
    /// Concluded later, from when its process started.
    INFERRED(4, 1);

    private static final UpnessProvenance[] BY_CODE = values();

    private final int code;
    private final int rank;

    UpnessProvenance(int code, int rank) {
        this.code = code;
        this.rank = rank;
    }

    /// The number that stands for it in logs.
    public int code() {
        return code;
    }

    /// The greater, the better: own, peer, host, inferred, none.
    public int rank() {
        return rank;
    }

    /// Its name in tables, labels and answers, lower case.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The provenance of a name; [#NONE] for another name.
    public static UpnessProvenance of(String label) {
        for (UpnessProvenance provenance : BY_CODE) {
            if (provenance.label().equals(label)) {
                return provenance;
            }
        }
        return NONE;
    }

    /// @throws UpnessLogException if there is no such code
    static UpnessProvenance ofCode(int code) throws UpnessLogException {
        if (code >= BY_CODE.length) {
            throw new UpnessLogException("provenance must have a known code: found=" + code);
        }
        return BY_CODE[code];
    }
}
