package dev.muster.query.load;

import dev.muster.promql.ParseCache;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// Meters of what queries take of the node together.
public final class LoadMetrics {
    private final MeterRegistry registry;

    public LoadMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void gate(Gate gate) {
        for (Priority priority : Priority.ALL) {
            Gauge.builder("muster_query_gate_running", gate, g -> g.running(priority))
                    .description("Queries that read now.")
                    .tag("class", priority.text())
                    .register(registry);
            Gauge.builder("muster_query_gate_waiting", gate, g -> g.waiting(priority))
                    .description("Queries that wait for their turn.")
                    .tag("class", priority.text())
                    .register(registry);
            waited(priority, 0);
            refused(priority, 0);
        }
    }

    void memory(NodeMemory memory) {
        Gauge.builder("muster_query_node_memory_bytes", memory, NodeMemory::heldBytes)
                .description("Tracked memory of all queries.")
                .register(registry);
        Gauge.builder("muster_query_node_memory_limit_bytes", memory, NodeMemory::limitBytes)
                .description("What they may hold together.")
                .register(registry);
    }

    /// Meters of the parsed queries.
    public void parsed(ParseCache cache) {
        FunctionCounter.builder("muster_query_parse_cache_hits", cache, c -> c.stats().hits())
                .register(registry);
        FunctionCounter.builder("muster_query_parse_cache_misses", cache, c -> c.stats().misses())
                .register(registry);
        FunctionCounter.builder(
                        "muster_query_parse_cache_evictions", cache, c -> c.stats().evictions())
                .register(registry);
        Gauge.builder("muster_query_parse_cache_entries", cache, c -> c.stats().size())
                .description("Parsed queries that are kept.")
                .register(registry);
    }

    void rates(CostRates rates) {
        gauge(
                "muster_query_cost_memory_ratio",
                "How long queries take whose samples are in memory, beside the defaults.",
                rates,
                CostRates::memoryRatio);
        gauge(
                "muster_query_cost_decoded_samples_per_second",
                "Samples that a processor takes out of pages in a second, of late.",
                rates,
                CostRates::decodedPerSecond);
        gauge(
                "muster_query_cost_fetched_bytes_per_second",
                "Bytes that one request to the object store brings in a second, of late.",
                rates,
                CostRates::fetchedPerSecond);
        gauge(
                "muster_query_cost_agent_answer_seconds",
                "Time until an agent's answer is whole, of late.",
                rates,
                CostRates::answerSeconds);
    }

    private void gauge(
            String name, String description, CostRates of, ToDoubleFunction<CostRates> value) {
        Gauge.builder(name, of, value).description(description).register(registry);
    }

    /// A query had its turn.
    ///
    /// @param nanos that it waited for it
    public void waited(Priority priority, long nanos) {
        Timer timer =
                Timer.builder("muster_query_gate_wait")
                        .description("Time until the turn of a query came.")
                        .tag("class", priority.text())
                        .register(registry);
        if (nanos > 0) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /// A query got no turn.
    public void refused(Priority priority) {
        refused(priority, 1);
    }

    private void refused(Priority priority, int count) {
        registry.counter("muster_query_gate_refused", "class", priority.text()).increment(count);
    }

    void slow() {
        registry.counter("muster_query_slow").increment();
    }

    void paced() {
        registry.counter("muster_query_heap_paced").increment();
    }

    void limited(String limit) {
        registry.counter("muster_query_limited", "limit", limit).increment();
    }
}
