package dev.muster.query.alertmanager.api;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.List;

/// Looks up what became of alerts. Thread-safe.
@FunctionalInterface
public interface HistoryRows {
    /// The last rows of a range, the youngest first.
    ///
    /// @param limit most rows
    /// @throws IOException if they cannot be read
    List<AlertRow> last(TimeRange range, int limit) throws IOException;
}
