package dev.muster.query.alertmanager.history;

import java.time.Duration;

/// How history is kept until it is in the table.
///
/// @param window what one file of the table covers; a day is a multiple of it
/// @param limitBytes most bytes on the disk; beyond it the oldest windows are dropped
public record HistoryConfig(Duration window, long limitBytes) {
    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);

    public HistoryConfig {
        if (window.compareTo(LEAST) < 0
                || window.compareTo(DAY) > 0
                || DAY.toMillis() % window.toMillis() != 0) {
            throw new IllegalArgumentException(
                    "history-window must be 1m to 24h and divide a day: found=" + window);
        }
        if (limitBytes < 1) {
            throw new IllegalArgumentException("history-limit must be positive: " + limitBytes);
        }
    }
}
