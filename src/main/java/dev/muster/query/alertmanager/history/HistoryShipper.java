package dev.muster.query.alertmanager.history;

import dev.muster.blocks.alerts.AlertRow;
import dev.muster.blocks.alertstore.AlertTable;
import dev.muster.model.time.TimeRange;
import dev.muster.query.alertmanager.dispatch.Claims;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Puts windows that are over into the table. Confined to one thread.
final class HistoryShipper {
    /*
     * Every node has written down every row, or nearly so. Of those that are ready one puts a window into the table first; the others
     * look a while later whether the table has what they have, add what it has not, and forget the window then.
     */
    private static final System.Logger LOG = System.getLogger(HistoryShipper.class.getName());
    private static final Duration SETTLE = Duration.ofSeconds(30);
    private static final Duration OTHERS_LATER = Duration.ofMinutes(2);

    /// Rows of one file, as they are in memory at one time.
    private static final int FILE_ROWS = 20_000;

    private final HistoryLog log;
    private final AlertTable table;
    private final Claims claims;
    private final HistoryMetrics metrics;
    private boolean failing;

    HistoryShipper(HistoryLog log, AlertTable table, Claims claims, HistoryMetrics metrics) {
        this.log = log;
        this.table = table;
        this.claims = claims;
        this.metrics = metrics;
    }

    void look(long nowMs) {
        for (TimeRange window : log.windows()) {
            long dueMs = window.endMs() + SETTLE.toMillis();
            if (claims.of("history/" + window.startMs()) == Claims.Claim.OTHERS) {
                dueMs += OTHERS_LATER.toMillis();
            }
            if (nowMs >= dueMs && !shipped(window)) {
                return;
            }
        }
    }

    private boolean shipped(TimeRange window) {
        int count = log.count(window);
        try {
            if (count > 0) {
                int added = table.add(window, (wanted, taker) -> each(window, wanted, taker));
                metrics.shipped(added);
                LOG.log(
                        System.Logger.Level.DEBUG,
                        () -> "history of alerts shipped window=" + window + " rows=" + added);
            }
            failing = false;
            return log.drop(window, count);
        } catch (IOException | UncheckedIOException e) {
            metrics.shipFailed();
            if (!failing) {
                LOG.log(System.Logger.Level.WARNING, "history of alerts is not shipped", e);
            }
            failing = true;
            return false;
        }
    }

    private void each(TimeRange window, Predicate<Long> wanted, AlertTable.Taker taker)
            throws IOException {
        List<AlertRow> piece = new ArrayList<>();
        log.rows(
                window,
                row -> {
                    if (wanted.test(row.id())) {
                        piece.add(row);
                        if (piece.size() >= FILE_ROWS) {
                            take(piece, taker);
                        }
                    }
                });
        take(piece, taker);
    }

    private static void take(List<AlertRow> piece, AlertTable.Taker taker) {
        try {
            taker.take(List.copyOf(piece));
            piece.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
