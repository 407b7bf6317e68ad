package dev.muster.query.source;

import dev.muster.model.frame.FrameSpace;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/// Meters of the requests to agents.
public final class AgentsSourceMetrics {
    private final Timer answered;
    private final Timer failed;
    private final Counter missing;
    private final Counter pruned;
    private final Counter skipped;
    private final Counter waited;
    private final PartsMetrics parts;

    public AgentsSourceMetrics(MeterRegistry registry) {
        parts = new PartsMetrics(registry);
        answered = timer(registry, "answered");
        failed = timer(registry, "failed");
        missing =
                Counter.builder("muster_query_agents_missing")
                        .description("Requests that had to do without an agent known to be away.")
                        .register(registry);
        pruned =
                Counter.builder("muster_query_agents_pruned")
                        .description("Requests that needed no agent because blocks cover them.")
                        .register(registry);
        skipped =
                Counter.builder("muster_query_agents_skipped")
                        .description("Requests that needed no agent: it holds no such metric.")
                        .register(registry);
        waited =
                Counter.builder("muster_query_agents_waited")
                        .description("Requests that waited because as many went on as may.")
                        .register(registry);
    }

    /// Meters of what received answers take until they are read.
    public static void register(MeterRegistry registry, FrameSpace space) {
        Gauge.builder("muster_query_agent_answers_memory_bytes", space, FrameSpace::memoryBytes)
                .description("Memory of answers that are not read yet.")
                .register(registry);
        Gauge.builder("muster_query_agent_answers_disk_bytes", space, FrameSpace::diskBytes)
                .description("Bytes of answers in files that are not read yet.")
                .register(registry);
        FunctionCounter.builder(
                        "muster_query_agent_answers_spilled_bytes", space, FrameSpace::spilledBytes)
                .description("Bytes of answers that went to a file.")
                .register(registry);
        FunctionCounter.builder("muster_query_agent_answers_refused", space, FrameSpace::refused)
                .description("Answers that found no room in memory, or none in files.")
                .register(registry);
    }

    private static Timer timer(MeterRegistry registry, String outcome) {
        return Timer.builder("muster_query_agent_request_duration")
                .description("Time to read the whole answer of an agent.")
                .tag("outcome", outcome)
                .register(registry);
    }

    void answered(long nanos) {
        answered.record(nanos, TimeUnit.NANOSECONDS);
    }

    /// Whole answers of agents so far, samples and parts of queries.
    public long answers() {
        return answered.count() + parts.answers().count();
    }

    /// Time until they were whole, all together.
    public long answerNanos() {
        return Math.round(
                answered.totalTime(TimeUnit.NANOSECONDS)
                        + parts.answers().totalTime(TimeUnit.NANOSECONDS));
    }

    void failed(long nanos) {
        failed.record(nanos, TimeUnit.NANOSECONDS);
    }

    void missing() {
        missing.increment();
    }

    PartsMetrics parts() {
        return parts;
    }

    void waited() {
        waited.increment();
    }

    void skipped(int count) {
        skipped.increment(count);
    }

    void pruned() {
        pruned.increment();
    }
}
