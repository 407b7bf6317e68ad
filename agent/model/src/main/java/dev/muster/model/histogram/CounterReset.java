package dev.muster.model.histogram;

/// What a histogram says of itself and the one before it in its series.
public enum CounterReset {
    /// Nothing: compare the two.
    UNKNOWN,
    /// It has started anew since the one before.
    RESET,
    /// It goes on from the one before.
    NOT_RESET,
    /// It is no counter: its counts may go down.
    GAUGE
}
