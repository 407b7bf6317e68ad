package dev.muster.federation.member;

/// How a service is, as two bits: the most that a beat tells of it.
public enum Health {
    /// Nobody can say: never the same as down.
    UNKNOWN(0, "unknown"),
    /// It answers.
    UP(1, "up"),
    /// It does not answer, or says that it is ill.
    DOWN(2, "down"),
    /// It is under maintenance: whether it answers is of no concern.
    MAINT(3, "maint");

    private static final Health[] BY_CODE = values();

    private final int code;
    private final String label;

    Health(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /// The two bits that stand for it in frames.
    public int code() {
        return code;
    }

    /// Its name in answers and metrics: `unknown`, `up`, `down`, `maint`.
    public String label() {
        return label;
    }

    /// The health of two bits.
    ///
    /// @param code 0 to 3
    public static Health ofCode(int code) {
        return BY_CODE[code];
    }
}
