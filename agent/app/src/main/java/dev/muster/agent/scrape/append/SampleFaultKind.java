package dev.muster.agent.scrape.append;

import dev.muster.model.series.AppendResult;
import java.util.Locale;
import java.util.Optional;

/// Why a single sample was not stored as it was exposed. Stable: metrics and answers name it.
public enum SampleFaultKind {
    /// The series stands in the body a second time; the first one counts.
    DUPLICATE_IN_SCRAPE,
    /// The store already holds another value of the series at this time.
    DUPLICATE,
    /// Its own timestamp lies before the newest sample, and there is no more room for such samples.
    OUT_OF_ORDER,
    /// Its own timestamp lies too far in the past.
    TOO_OLD,
    /// Its own timestamp lies too far in the future.
    TOO_FAR_AHEAD,
    /// The store forgot the series and had no room for it again.
    SERIES_OVER_LIMIT;

    /// The name in metrics and answers.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<SampleFaultKind> of(AppendResult result) {
        return switch (result) {
            case APPENDED -> Optional.empty();
            case DUPLICATE -> Optional.of(DUPLICATE);
            case OUT_OF_ORDER -> Optional.of(OUT_OF_ORDER);
            case TOO_OLD -> Optional.of(TOO_OLD);
            case TOO_FAR_AHEAD -> Optional.of(TOO_FAR_AHEAD);
            case UNKNOWN_SERIES -> Optional.of(SERIES_OVER_LIMIT);
        };
    }
}
