package dev.muster.blocks.upness;

import java.util.Locale;

/// How a host or a service is. Codes are part of the format of logs.
public enum UpnessState {
    /// Nobody can say: never the same as down.
    UNKNOWN(0),
    /// It answers.
    UP(1),
    /// It does not answer, or says that it is ill.
    DOWN(2),
    /// It is worked on: whether it answers is of no concern.
    MAINT(3),
    /// It is no longer there, on purpose: its series ends.
    LEFT(4);

    private static final UpnessState[] BY_CODE = values();

    private final int code;

    UpnessState(int code) {
        this.code = code;
    }

    /// The number that stands for it in logs, 0 to 15.
    public int code() {
        return code;
    }

    /// Its name in tables, labels and answers, lower case.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The state of a name. What is suspected, or of another name, is unknown.
    public static UpnessState of(String label) {
        for (UpnessState state : BY_CODE) {
            if (state.label().equals(label)) {
                return state;
            }
        }
        return UNKNOWN;
    }

    /// @throws UpnessLogException if there is no such code
    static UpnessState ofCode(int code) throws UpnessLogException {
        if (code >= BY_CODE.length) {
            throw new UpnessLogException("state must have a known code: found=" + code);
        }
        return BY_CODE[code];
    }
}
