package dev.muster.promql;

/// The `@` modifier: at what time, instead of that of the step, a selector or subquery looks.
public sealed interface At {
    /// No modifier.
    At STEP = new OfStep();

    /// The time of the step.
    record OfStep() implements At {}

    /// `@ 1609746000`
    record Time(long timestampMs) implements At {}

    /// `@ start()`
    record Start() implements At {}

    /// `@ end()`
    record End() implements At {}
}
