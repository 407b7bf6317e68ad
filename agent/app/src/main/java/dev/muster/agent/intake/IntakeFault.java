package dev.muster.agent.intake;

import dev.muster.model.series.AppendResult;
import java.util.Locale;

/// Why a pushed sample is not stored. Stable: metrics and answers name it.
public enum IntakeFault {
    /// The store already holds another value of the series at this time.
    DUPLICATE,
    /// Before the newest sample, and there is no more room for such samples.
    OUT_OF_ORDER,
    /// Too far in the past.
    TOO_OLD,
    /// Too far in the future.
    TOO_FAR_AHEAD,
    /// The head has no room for one more series.
    SERIES_OVER_LIMIT,
    /// The series has no name, or too many or too long labels.
    LABELS,
    /// A value, histogram or exemplar that makes no sense.
    VALUE;

    /// The name in metrics and answers.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static IntakeFault of(AppendResult result) {
        return switch (result) {
            case DUPLICATE -> DUPLICATE;
            case OUT_OF_ORDER -> OUT_OF_ORDER;
            case TOO_OLD -> TOO_OLD;
            case TOO_FAR_AHEAD -> TOO_FAR_AHEAD;
            case UNKNOWN_SERIES -> SERIES_OVER_LIMIT;
            case APPENDED -> throw new IllegalArgumentException("appended is no fault");
        };
    }
}
