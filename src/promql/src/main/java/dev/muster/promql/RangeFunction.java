package dev.muster.promql;

import dev.muster.model.sample.SampleColumns;

/// A function over the samples of a window. Confined to one thread; may keep what it has learned of
/// the current series.
@FunctionalInterface
interface RangeFunction {
    /// The value for a window with at least one sample, or `window.none()`.
    double over(Window window) throws QueryException;

    /// Called before the windows of a series, with all its samples.
    default void begin(SampleColumns samples) {}

    /// Computes the values of all windows of a series at once, where that is faster. The series has
    /// numbers only, and windows that no modifier extends; [#begin] was called.
    ///
    /// @return false if nothing was done
    default boolean roll(WindowBounds windows, SampleColumns samples, StepColumn into) {
        return false;
    }

    /// Does it look at numbers only? It then sees no histograms.
    default boolean ignoresHistograms() {
        return false;
    }
}
