package dev.muster.query.api;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/// What the agents say of themselves, summed. Asked anew at most once a second, and only when
/// somebody wants to know. Thread-safe.
final class AgentTotals {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String STATUS = "/api/v1/agent/status";

    /// @param series active series
    /// @param samplesPerSecond samples appended a second
    /// @param blocksShipped blocks uploaded by running agents since they started
    record Sum(long series, double samplesPerSecond, long blocksShipped) {}

    private final AgentCalls agents;
    private Sum sum = new Sum(0, 0, 0);
    private long askedNanos = System.nanoTime() - FRESH_NANOS;

    AgentTotals(AgentCalls agents) {
        this.agents = agents;
    }

    synchronized Sum sum() {
        if (System.nanoTime() - askedNanos >= FRESH_NANOS) {
            long series = 0;
            double samplesPerSecond = 0;
            long blocksShipped = 0;
            for (JsonObject status : agents.ask(STATUS).values()) {
                series += number(status, "series").longValue();
                samplesPerSecond += number(status, "samplesPerSecond").doubleValue();
                blocksShipped += number(status, "blocksShipped").longValue();
            }
            sum = new Sum(series, samplesPerSecond, blocksShipped);
            askedNanos = System.nanoTime();
        }
        return sum;
    }

    private static Number number(JsonObject status, String name) {
        return status.getValue(name) instanceof Number number ? number : 0;
    }
}
