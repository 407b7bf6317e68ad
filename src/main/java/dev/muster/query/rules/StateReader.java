package dev.muster.query.rules;

import dev.muster.model.labels.LabelMatcher;
import java.io.IOException;
import java.util.List;

/// Reads what was said of alerts before. Thread-safe.
@FunctionalInterface
public interface StateReader {
    /// The last sample of each series `ALERTS_FOR_STATE` in a time.
    ///
    /// @param matchers select series
    /// @throws IOException if series cannot be read
    List<StateSeries> read(List<LabelMatcher> matchers, long fromMs, long toMs) throws IOException;
}
