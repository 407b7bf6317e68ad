package dev.muster.query.alertmanager.history;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// Meters of the history of alerts.
public final class HistoryMetrics {
    private final MeterRegistry registry;
    private final Counter written;
    private final Counter shipped;
    private final Counter failures;
    private final Counter shipFailures;
    private final Counter damaged;
    private final Counter dropped;

    public HistoryMetrics(MeterRegistry registry) {
        this.registry = registry;
        written = counter("rows", "Rows that were written down.");
        shipped = counter("shipped_rows", "Rows that this node has put into the table.");
        failures = counter("failures", "Writes to the disk that failed.");
        shipFailures = counter("ship_failures", "Tries to add to the table that failed.");
        damaged = counter("damaged_bytes", "Bytes at the end of files that were no record.");
        dropped = counter("dropped_rows", "Rows dropped because there were too many.");
    }

    private Counter counter(String name, String description) {
        return Counter.builder("muster_alerts_history_" + name)
                .description(description)
                .register(registry);
    }

    void register(HistoryLog log) {
        Gauge.builder("muster_alerts_history_size_bytes", log, HistoryLog::sizeBytes)
                .description("Size of what is not in the table yet.")
                .register(registry);
    }

    void written() {
        written.increment();
    }

    void shipped(int rows) {
        shipped.increment(rows);
    }

    void failed() {
        failures.increment();
    }

    void shipFailed() {
        shipFailures.increment();
    }

    void damaged(long bytes) {
        damaged.increment(bytes);
    }

    void dropped(int rows) {
        dropped.increment(rows);
    }
}
