package dev.muster.promql.histogram;

/// Which of its bounds a bucket includes.
public enum BoundaryRule {
    /// The upper one, as above zero.
    OPEN_LEFT,
    /// The lower one, as below zero.
    OPEN_RIGHT,
    /// None.
    OPEN_BOTH,
    /// Both, as the zero bucket.
    CLOSED_BOTH;

    static BoundaryRule of(double lower, double upper) {
        boolean includesLower = lower < 0 || (lower == 0 && upper == 0);
        boolean includesUpper = upper > 0 || (lower == 0 && upper == 0);
        if (includesLower) {
            return includesUpper ? CLOSED_BOTH : OPEN_RIGHT;
        }
        return includesUpper ? OPEN_LEFT : OPEN_BOTH;
    }

    /// The number that Prometheus' API has for it.
    public int code() {
        return ordinal();
    }

    public boolean includesLower() {
        return this == OPEN_RIGHT || this == CLOSED_BOTH;
    }

    public boolean includesUpper() {
        return this == OPEN_LEFT || this == CLOSED_BOTH;
    }
}
