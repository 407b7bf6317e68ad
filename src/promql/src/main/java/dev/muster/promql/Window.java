package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import org.jspecify.annotations.Nullable;

/// The samples that a window function sees at one step. One object is moved over all windows of a
/// series; confined to one thread.
final class Window {
    private final double[][] arguments;
    private final double rangeSeconds;
    private final Remarks remarks;
    private SampleColumns samples = new SampleColumns(0);
    private int from;
    private int to;
    private int step;
    private long stepMs;
    private long startMs;
    private long endMs;
    private boolean absent;
    private @Nullable NativeHistogram histogram;

    /// Histograms before each sample; not used where a series has none.
    private int[] histogramsBefore = new int[0];

    /// @param arguments values of the scalar arguments at all steps
    /// @param rangeMs length of every window
    /// @param remarks on the samples of windows
    Window(double[][] arguments, long rangeMs, Remarks remarks) {
        this.arguments = arguments;
        this.remarks = remarks;
        rangeSeconds = rangeMs / 1000.0;
    }

    void series(SampleColumns newSamples) {
        samples = newSamples;
        if (!samples.hasHistograms()) {
            return;
        }
        int size = samples.size();
        if (histogramsBefore.length <= size) {
            histogramsBefore = new int[size + 1];
        }
        for (int i = 0; i < size; i++) {
            histogramsBefore[i + 1] = histogramsBefore[i] + (samples.histogram(i) == null ? 0 : 1);
        }
    }

    /// Moves to a step whose window is open at `newStartMs` and closed at `newEndMs`.
    void move(int newStep, long newStepMs, long newStartMs, long newEndMs) {
        step = newStep;
        stepMs = newStepMs;
        startMs = newStartMs;
        endMs = newEndMs;
        absent = false;
        histogram = null;
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

    /// Has the window a histogram?
    boolean hasHistograms() {
        return histograms() > 0;
    }

    /// Has the window both numbers and histograms?
    boolean isMixed() {
        int count = histograms();
        return count > 0 && count < size();
    }

    private int histograms() {
        return samples.hasHistograms() ? histogramsBefore[to] - histogramsBefore[from] : 0;
    }

    Remarks remarks() {
        return remarks;
    }

    /// The value of the first sample, which is a number.
    double first() {
        return samples.values()[from];
    }

    /// Sample `index` as the value of the function.
    ///
    /// @return what the function is to return
    double sample(int index) {
        NativeHistogram found = samples.histogram(index);
        return found == null ? samples.values()[index] : histogram(found);
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

    /// Says that the value of the function is a histogram.
    ///
    /// @return a number without meaning, to return at once
    double histogram(NativeHistogram value) {
        histogram = value;
        return 0;
    }

    /// The value of the function; null if it is a number.
    @Nullable NativeHistogram histogram() {
        return histogram;
    }

    boolean isAbsent() {
        return absent;
    }
}
