package dev.muster.agent.api;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Meters of parts of queries. Thread-safe.
final class PartMetrics {
    private final Map<String, LongAdder> outcomes = new ConcurrentSkipListMap<>();
    final LongAdder bytes = new LongAdder();
    final LongAdder nanos = new LongAdder();
    final AtomicInteger running = new AtomicInteger();
    final AtomicInteger waiting = new AtomicInteger();

    /// @param outcome one of a fixed set
    void count(String outcome) {
        outcomes.computeIfAbsent(outcome, _ -> new LongAdder()).increment();
    }

    void write(ExpositionWriter out) {
        String name = "muster_part_requests_total";
        out.family(name, MetricType.COUNTER, "Parts of queries by what became of them.");
        outcomes.forEach((outcome, count) -> out.sample(name, "outcome", outcome, count.sum()));
        out.family(
                        "muster_part_bytes_total",
                        MetricType.COUNTER,
                        "Bytes of answers to parts of queries.")
                .sample("muster_part_bytes_total", bytes.sum());
        out.family(
                        "muster_part_seconds_total",
                        MetricType.COUNTER,
                        "Time spent on parts of queries.")
                .sample("muster_part_seconds_total", nanos.sum() / 1e9);
        out.family("muster_part_running", MetricType.GAUGE, "Parts of queries answered now.")
                .sample("muster_part_running", running.get());
        out.family("muster_part_waiting", MetricType.GAUGE, "Parts of queries that wait now.")
                .sample("muster_part_waiting", waiting.get());
    }
}
