package dev.muster.agent.door;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.fetch.BodyPool;
import dev.muster.model.sample.MetricType;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Meters of what is pushed. Thread-safe.
final class DoorMetrics {
    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final Map<String, Map<String, LongAdder>> refused = new ConcurrentSkipListMap<>();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder inflatedBytes = new LongAdder();
    final LongAdder nanos = new LongAdder();
    final AtomicInteger inProgress = new AtomicInteger();

    void request(String protocol) {
        requests.computeIfAbsent(protocol, _ -> new LongAdder()).increment();
    }

    void refused(String protocol, String reason) {
        refused.computeIfAbsent(protocol, _ -> new ConcurrentSkipListMap<>())
                .computeIfAbsent(reason, _ -> new LongAdder())
                .increment();
    }

    void write(ExpositionWriter out, BodyPool pool) {
        String name = "muster_push_requests_total";
        out.family(name, MetricType.COUNTER, "Pushes, by protocol.");
        requests.forEach((protocol, count) -> out.sample(name, "protocol", protocol, count.sum()));
        String refusals = "muster_push_refused_total";
        out.family(refusals, MetricType.COUNTER, "Pushes refused, by protocol and reason.");
        refused.forEach((protocol, reasons) ->
                reasons.forEach((reason, count) ->
                        out.begin(refusals)
                                .label("protocol", protocol)
                                .label("reason", reason)
                                .end(count.sum())));
        counter(out, "muster_push_received_bytes_total", "Bytes of bodies pushed.", receivedBytes);
        counter(
                out,
                "muster_push_inflated_bytes_total",
                "Bytes of bodies pushed, inflated.",
                inflatedBytes);
        out.family("muster_push_seconds_total", MetricType.COUNTER, "Time spent on pushes.")
                .sample("muster_push_seconds_total", nanos.sum() / 1e9);
        out.family("muster_push_in_progress", MetricType.GAUGE, "Pushes going on now.")
                .sample("muster_push_in_progress", inProgress.get());
        out.family(
                        "muster_push_body_memory_bytes",
                        MetricType.GAUGE,
                        "Memory of bodies pushed, buffers kept for the next ones among it.")
                .sample("muster_push_body_memory_bytes", pool.heldBytes());
    }

    private static void counter(ExpositionWriter out, String name, String help, LongAdder value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value.sum());
    }
}
