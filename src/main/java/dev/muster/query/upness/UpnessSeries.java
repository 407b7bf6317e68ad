package dev.muster.query.upness;

import dev.muster.blocks.upness.UpnessSpan;
import dev.muster.blocks.upness.UpnessState;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.time.TimeRange;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// A series that follows from the history of a target. Immutable.
///
/// @param labels its labels
/// @param spans of the target, ascending; from a step before the range that is asked for on
/// @param value of a span; NaN where the series has none
record UpnessSeries(Labels labels, List<UpnessSpan> spans, ToDoubleFunction<UpnessSpan> value) {
    /*
     * Samples stand at every change, exactly, and every 15 s: at the multiples of 15 s, but none in the 15 s in which
     * a change is, which has a sample already. So each 15 s have one sample, as a scrape would give, and averages over
     * time weigh every moment the same; and an instant query is exact to the millisecond. Where the series has no value
     * any more, a staleness marker ends it. But for the newest one, samples depend on their time alone, not on what is asked.
     */
    static final long STEP_MS = 15_000;

    UpnessSeries {
        spans = List.copyOf(spans);
    }

    static double up(UpnessSpan span) {
        return switch (span.state()) {
            case UP -> 1;
            case DOWN -> 0;
            case UNKNOWN, MAINT, LEFT -> Double.NaN;
        };
    }

    /// A value of 1 while the target is so.
    static ToDoubleFunction<UpnessSpan> whileSo(UpnessSpan so) {
        UpnessState state = so.state();
        String cause = so.cause();
        return span ->
                span.state() == state
                                && span.cause().equals(cause)
                                && span.provenance() == so.provenance()
                        ? 1
                        : Double.NaN;
    }

    /// Whether there is a sample or a marker in the range, at least about.
    boolean isIn(TimeRange range) {
        return spans.stream()
                .anyMatch(span ->
                        !Double.isNaN(value.applyAsDouble(span))
                                && span.fromMs() < range.endMs()
                                && span.untilMs() >= range.startMs());
    }

    /// Appends the samples of the range.
    ///
    /// @param nowMs what is not yet is not told
    void read(TimeRange range, long nowMs, SampleColumns into) {
        long endMs = Math.min(range.endMs(), nowMs + 1);
        double before = Double.NaN;
        long beforeUntilMs = Long.MIN_VALUE;
        int i = 0;
        while (i < spans.size()) {
            double v = value.applyAsDouble(spans.get(i));
            long fromMs = spans.get(i).fromMs();
            long untilMs = spans.get(i).untilMs();
            // spans that give the same value are one
            while (++i < spans.size()
                    && same(v, value.applyAsDouble(spans.get(i)))
                    && spans.get(i).fromMs() == untilMs) {
                untilMs = spans.get(i).untilMs();
            }
            if (!Double.isNaN(before) && beforeUntilMs < fromMs) {
                append(beforeUntilMs, Staleness.STALE, range, endMs, into);
                before = Double.NaN;
            }
            if (!Double.isNaN(v)) {
                read(v, fromMs, untilMs, range, endMs, into);
            } else if (!Double.isNaN(before)) {
                append(fromMs, Staleness.STALE, range, endMs, into);
            }
            before = v;
            beforeUntilMs = untilMs;
        }
        if (!Double.isNaN(before)) {
            append(beforeUntilMs, Staleness.STALE, range, endMs, into);
        }
    }

    private static boolean same(double a, double b) {
        return Double.isNaN(a) ? Double.isNaN(b) : a == b;
    }

    private static void read(
            double v, long fromMs, long untilMs, TimeRange range, long endMs, SampleColumns into) {
        append(fromMs, v, range, endMs, into);
        long first = Math.max(fromMs, range.startMs() - STEP_MS);
        long last = Math.min(untilMs, endMs);
        for (long t = (Math.floorDiv(first, STEP_MS) + 1) * STEP_MS; t < last; t += STEP_MS) {
            if (t + STEP_MS > untilMs && untilMs < endMs) {
                break;
            }
            append(t, v, range, endMs, into);
        }
    }

    private static void append(
            long atMs, double v, TimeRange range, long endMs, SampleColumns into) {
        if (atMs >= range.startMs() && atMs < endMs) {
            into.append(atMs, v);
        }
    }
}
