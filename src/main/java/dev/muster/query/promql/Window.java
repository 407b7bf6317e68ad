package dev.muster.query.promql;

import dev.muster.model.sample.SampleColumns;

/// The samples that a window function sees at one step. One object is moved over all windows of a
/// series; confined to one thread.
final class Window {
    private final double[][] arguments;
    private final double rangeSeconds;
    private SampleColumns samples = new SampleColumns(0);
    private int from;
    private int to;
    private int step;
    private long stepMs;
    private long startMs;
    private long endMs;
    private boolean absent;

    /// @param arguments values of the scalar arguments at all steps
    /// @param rangeMs length of every window
    Window(double[][] arguments, long rangeMs) {
        this.arguments = arguments;
        rangeSeconds = rangeMs / 1000.0;
    }

    void series(SampleColumns newSamples) {
        samples = newSamples;
    }

    /// Moves to a step whose window is open at `newStartMs` and closed at `newEndMs`.
    void move(int newStep, long newStepMs, long newStartMs, long newEndMs) {
        step = newStep;
        stepMs = newStepMs;
        startMs = newStartMs;
        endMs = newEndMs;
        absent = false;
    }

    /// The samples of the window: `newFrom <= index < newTo`, at least one.
    void slice(int newFrom, int newTo) {
        from = newFrom;
        to = newTo;
    }

    SampleColumns samples() {
        return samples;
    }

    long[] times() {
        return samples.timestampsMs();
    }

    double[] values() {
        return samples.values();
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    int size() {
        return to - from;
    }

    double first() {
        return samples.values()[from];
    }

    double last() {
        return samples.values()[to - 1];
    }

    /// Time of the step, which is not the end of the window where it is shifted.
    long stepMs() {
        return stepMs;
    }

    long startMs() {
        return startMs;
    }

    long endMs() {
        return endMs;
    }

    double rangeSeconds() {
        return rangeSeconds;
    }

    double argument(int index) {
        return arguments[index][step];
    }

    /// Says that the function has no value here.
    ///
    /// @return a number without meaning, to return at once
    double none() {
        absent = true;
        return 0;
    }

    boolean isAbsent() {
        return absent;
    }
}
