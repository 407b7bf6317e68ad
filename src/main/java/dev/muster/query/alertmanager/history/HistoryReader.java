package dev.muster.query.alertmanager.history;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.blocks.alertstore.AlertTable;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What became of alerts, looked up: of windows that are in the table from there, of others from
/// this node's disk. Thread-safe.
///
/// @param log this node's disk
/// @param table of the object store
public record HistoryReader(HistoryLog log, AlertTable table) {
    /// The last rows of a range, the youngest first.
    ///
    /// @param limit most rows; one window more is held in memory at most
    /// @throws IOException if the store fails or a file is damaged
    public List<AlertRow> last(TimeRange range, int limit) throws IOException {
        List<AlertRow> found = new ArrayList<>();
        long end = range.endMs();
        while (end > range.startMs() && found.size() < limit) {
            TimeRange window = log.window(end - 1);
            long start = Math.max(window.startMs(), range.startMs());
            List<AlertRow> rows = new ArrayList<>(rows(new TimeRange(start, end)).values());
            rows.sort(Collections.reverseOrder(AlertRow.ORDER));
            found.addAll(rows.subList(0, Math.min(rows.size(), limit - found.size())));
            end = start;
        }
        return found;
    }

    /// A row that stands in both is one.
    private Map<Long, AlertRow> rows(TimeRange range) throws IOException {
        Map<Long, AlertRow> rows = new TreeMap<>();
        table.read(range).forEach(row -> rows.put(row.id(), row));
        log.rows(range.startMs(), range.endMs()).forEach(row -> rows.put(row.id(), row));
        return rows;
    }
}
