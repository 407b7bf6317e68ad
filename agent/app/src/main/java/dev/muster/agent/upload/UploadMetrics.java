package dev.muster.agent.upload;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.blocks.write.LocalBlock;
import dev.muster.blocks.write.ShipResult;
import dev.muster.model.sample.MetricType;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// Meters of shipping. Thread-safe.
final class UploadMetrics {
    private final AtomicLongArray results = new AtomicLongArray(ShipResult.values().length);
    private final LongAdder bytes = new LongAdder();
    private final LongAdder samples = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder released = new LongAdder();
    final LongAdder writeNanos = new LongAdder();
    final AtomicLong pending = new AtomicLong();
    final AtomicLong retaining = new AtomicLong();
    final AtomicLong lastSuccessMs = new AtomicLong();
    final AtomicLong pauseMs = new AtomicLong();

    void shipped(LocalBlock block, ShipResult result, long nowMs) {
        results.incrementAndGet(result.ordinal());
        bytes.add(block.sizeBytes());
        samples.add(block.sampleCount());
        lastSuccessMs.set(nowMs);
    }

    long shippedTotal() {
        long sum = 0;
        for (int i = 0; i < results.length(); i++) {
            sum += results.get(i);
        }
        return sum;
    }

    void write(ExpositionWriter out) {
        String name = "muster_upload_blocks_total";
        out.family(name, MetricType.COUNTER, "Blocks confirmed in the store, by what was there.");
        for (ShipResult result : ShipResult.values()) {
            out.sample(
                    name,
                    "result",
                    result.name().toLowerCase(Locale.ROOT),
                    results.get(result.ordinal()));
        }
        counter(out, "muster_upload_bytes_total", "Bytes of these blocks.", bytes.sum());
        counter(out, "muster_upload_samples_total", "Samples of these blocks.", samples.sum());
        counter(
                out,
                "muster_upload_failures_total",
                "Attempts to write or ship a block that failed and are tried again.",
                failures.sum());
        counter(
                out,
                "muster_upload_windows_released_total",
                "Windows that the head let go after their block was confirmed.",
                released.sum());
        counter(
                out,
                "muster_upload_write_seconds_total",
                "Time spent writing blocks.",
                writeNanos.sum() / 1e9);
        gauge(out, "muster_upload_pending", "Closed windows not yet shipped.", pending.get());
        gauge(
                out,
                "muster_upload_retained",
                "Windows shipped and kept until query nodes see their block.",
                retaining.get());
        gauge(
                out,
                "muster_upload_last_success_timestamp_seconds",
                "When a block was confirmed last, Unix time; 0 if never.",
                lastSuccessMs.get() / 1e3);
        gauge(
                out,
                "muster_upload_pause_seconds",
                "Pause before the next attempt, while attempts fail.",
                pauseMs.get() / 1e3);
    }

    private static void counter(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value);
    }

    private static void gauge(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }
}
