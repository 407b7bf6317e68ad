package dev.muster.promql;

import dev.muster.model.series.Looks;
import dev.muster.model.time.Steps;

/// The times at which a selector looks: those of the steps, shifted by `offset` and fixed by `@`.
final class StepTimes {
    private final Steps steps;
    private final boolean fixed;
    private final long fixedMs;
    private final long offsetMs;

    StepTimes(Expr.Shift shift, Steps steps) {
        this.steps = steps;
        offsetMs = DurationExpr.ms(shift.offset());
        fixed = shift.at() instanceof At.Time;
        fixedMs = shift.at() instanceof At.Time(long timestampMs) ? timestampMs : 0;
    }

    long at(int step) {
        return (fixed ? fixedMs : steps.at(step)) - offsetMs;
    }

    long firstMs() {
        return at(0);
    }

    long lastMs() {
        return at(steps.count() - 1);
    }

    /// The same for a source.
    Looks looks() {
        return fixed
                ? new Looks(firstMs(), 1, 1)
                : new Looks(firstMs(), steps.stepMs(), steps.count());
    }
}
