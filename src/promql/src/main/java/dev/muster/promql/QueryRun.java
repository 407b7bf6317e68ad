package dev.muster.promql;

import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.Steps;
import org.jspecify.annotations.Nullable;

/// What all operators of one query share. Thread-safe.
///
/// @param steps of the whole query, which `start()`, `end()`, `step()` and `range()` speak of
/// @param instant whether it is an instant query: its `step()` is 0
/// @param parallelism most threads that work for it at the same time
/// @param counted takes how many samples each step looks at; null where nobody wants to know
record QueryRun(
        SeriesSource source,
        Steps steps,
        boolean instant,
        long lookbackMs,
        long defaultSubqueryStepMs,
        int parallelism,
        QueryBudget budget,
        Annotations annotations,
        @Nullable StepSamples counted) {
    /// The value of `step()` in milliseconds.
    long stepMs() {
        return instant ? 0 : steps.stepMs();
    }

    /// The same with another resolution of subqueries that name none.
    QueryRun withSubqueryStep(long newStepMs) {
        return new QueryRun(
                source,
                steps,
                instant,
                lookbackMs,
                newStepMs,
                parallelism,
                budget,
                annotations,
                counted);
    }

    /// The same for another count of samples.
    QueryRun counting(@Nullable StepSamples other) {
        return new QueryRun(
                source,
                steps,
                instant,
                lookbackMs,
                defaultSubqueryStepMs,
                parallelism,
                budget,
                annotations,
                other);
    }

    /// The same on one thread.
    QueryRun alone() {
        return new QueryRun(
                source,
                steps,
                instant,
                lookbackMs,
                defaultSubqueryStepMs,
                1,
                budget,
                annotations,
                counted);
    }
}
