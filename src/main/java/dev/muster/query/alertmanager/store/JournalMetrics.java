package dev.muster.query.alertmanager.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// Meters of the alert manager's state on disk.
public final class JournalMetrics {
    private final MeterRegistry registry;
    private final Counter failures;
    private final Counter damaged;
    private final Counter rewrites;

    public JournalMetrics(MeterRegistry registry) {
        this.registry = registry;
        failures = counter("failures", "Writes that failed.");
        damaged = counter("damaged_bytes", "Bytes at the end of the file that were no record.");
        rewrites = counter("rewrites", "How often the file was written anew.");
    }

    private Counter counter(String name, String description) {
        return Counter.builder("muster_alertmanager_state_" + name)
                .description(description)
                .register(registry);
    }

    void register(Journal journal) {
        Gauge.builder("muster_alertmanager_state_size_bytes", journal, Journal::sizeBytes)
                .description("Size of the file.")
                .register(registry);
        FunctionCounter.builder("muster_alertmanager_state_records", journal, Journal::written)
                .description("Records that were written.")
                .register(registry);
    }

    void failed() {
        failures.increment();
    }

    void damaged(long bytes) {
        damaged.increment(bytes);
    }

    void rewritten() {
        rewrites.increment();
    }
}
