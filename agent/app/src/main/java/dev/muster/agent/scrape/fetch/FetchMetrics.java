package dev.muster.agent.scrape.fetch;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// Meters of fetches. Thread-safe.
public final class FetchMetrics {
    private static final FetchFault[] FAULTS = FetchFault.values();

    private final AtomicLongArray faults = new AtomicLongArray(FAULTS.length);
    final LongAdder wireBytes = new LongAdder();
    final LongAdder redirects = new LongAdder();
    final LongAdder tokens = new LongAdder();
    final LongAdder tokenRetries = new LongAdder();
    final LongAdder tokenFailures = new LongAdder();

    /// Counts a fetch that brought no body, or one that could not be inflated.
    public void count(FetchFault fault) {
        faults.incrementAndGet(fault.ordinal());
    }

    /// Counts what went over the wire.
    public void count(HttpExchange exchange) {
        wireBytes.add(exchange.wireBytes());
        redirects.add(exchange.redirects());
    }

    public void write(ExpositionWriter out) {
        String name = "muster_scrape_fetch_failures_total";
        out.family(name, MetricType.COUNTER, "Fetches without a body to read, by reason.");
        for (FetchFault fault : FAULTS) {
            out.sample(name, "reason", fault.label(), faults.get(fault.ordinal()));
        }
        counter(
                out,
                "muster_scrape_wire_bytes_total",
                "Bytes of bodies as received, compressed ones as they are.",
                wireBytes);
        counter(out, "muster_scrape_redirects_total", "Redirects followed.", redirects);
        counter(out, "muster_oauth2_tokens_total", "Tokens received of OAuth 2 servers.", tokens);
        counter(
                out,
                "muster_oauth2_retries_total",
                "Requests for a token that were sent again.",
                tokenRetries);
        counter(
                out,
                "muster_oauth2_failures_total",
                "Times that an OAuth 2 server gave no token in the end.",
                tokenFailures);
    }

    private static void counter(ExpositionWriter out, String name, String help, LongAdder value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value.sum());
    }
}
