package dev.muster.query.forward;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/// Meters of what is sent to agents.
public final class ForwardMetrics {
    private final MeterRegistry registry;

    public ForwardMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (String outcome :
                new String[] {"taken", "refused", "unwilling", "later", "unreached"}) {
            var _ = requests(outcome);
        }
        var _ = samples("refused");
        var _ = samples("taken");
        var _ = overflowed();
    }

    void outbox(Outbox outbox) {
        gauge("muster_forward_queue_bytes", outbox, Outbox::queuedBytes)
                .description("Bytes that agents have not acknowledged yet.")
                .register(registry);
        gauge("muster_forward_queue_limit_bytes", outbox, Outbox::limitBytes)
                .description("Most bytes that may wait.")
                .register(registry);
        gauge("muster_forward_queue_parcels", outbox, Outbox::parcels)
                .description("Requests that agents have not acknowledged yet.")
                .register(registry);
        gauge("muster_forward_shunned_agents", outbox, Outbox::shunned)
                .description("Agents that have failed lately and come last.")
                .register(registry);
    }

    private static Gauge.Builder<Outbox> gauge(
            String name, Outbox outbox, ToDoubleFunction<Outbox> value) {
        return Gauge.builder(name, outbox, value);
    }

    void answered(Reply reply, int count) {
        requests(
                        switch (reply) {
                            case Reply.Taken _ -> "taken";
                            case Reply.Refused _ -> "refused";
                            case Reply.Unwilling _ -> "unwilling";
                            case Reply.Later later -> later.reached() ? "later" : "unreached";
                        })
                .increment();
        switch (reply) {
            case Reply.Taken _ -> samples("taken").increment(count);
            case Reply.Refused _ -> samples("refused").increment(count);
            case Reply.Unwilling _, Reply.Later _ -> {}
        }
    }

    private Counter requests(String outcome) {
        return Counter.builder("muster_forward_requests")
                .description("Requests to agents by what came of them.")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Counter samples(String outcome) {
        return Counter.builder("muster_forward_samples")
                .description("Samples sent, each copy counted.")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Counter overflowed() {
        return Counter.builder("muster_forward_queue_refused")
                .description("Samples of rules that were refused as the queue was full.")
                .register(registry);
    }

    /// A rule did not wait any longer for what it reads.
    void unsettled() {
        Counter.builder("muster_forward_unsettled")
                .description("Rules that were evaluated before what they read was stored.")
                .register(registry)
                .increment();
    }

    void refusedByQueue() {
        overflowed().increment();
    }
}
