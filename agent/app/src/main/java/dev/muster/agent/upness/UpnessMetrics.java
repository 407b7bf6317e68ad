package dev.muster.agent.upness;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Meters of the log of upness. Thread-safe.
final class UpnessMetrics {
    final LongAdder entries = new LongAdder();
    final LongAdder reconciled = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder damaged = new LongAdder();
    final LongAdder pauses = new LongAdder();
    final LongAdder segmentsDropped = new LongAdder();
    final LongAdder inferred = new LongAdder();
    final LongAdder backfills = new LongAdder();
    final LongAdder backfillFailures = new LongAdder();
    final LongAdder shipped = new LongAdder();
    final LongAdder waitingDropped = new LongAdder();
    final AtomicLong sizeBytes = new AtomicLong();
    final AtomicLong segments = new AtomicLong();

    void write(ExpositionWriter out) {
        counter(out, "muster_upness_entries_total", "Changes logged.", entries);
        counter(
                out,
                "muster_upness_reconciled_total",
                "Changes logged because the view of the cell had them and no transition told.",
                reconciled);
        counter(out, "muster_upness_failures_total", "Writes to the log that failed.", failures);
        counter(
                out,
                "muster_upness_damaged_total",
                "Segments that were torn or damaged, and were read up to there.",
                damaged);
        counter(
                out,
                "muster_upness_pauses_total",
                "Times the log stood still, so that nothing is known.",
                pauses);
        counter(
                out,
                "muster_upness_segments_dropped_total",
                "Segments deleted because of their age or the size of the log.",
                segmentsDropped);
        counter(
                out,
                "muster_upness_waiting_dropped_total",
                "Transitions dropped because too many waited; the view of the cell tells of them"
                        + " later.",
                waitingDropped);
        counter(
                out,
                "muster_upness_inferred_total",
                "Gaps of own services filled because their process had lived through.",
                inferred);
        counter(out, "muster_upness_backfills_total", "Logs taken over from a peer.", backfills);
        counter(
                out,
                "muster_upness_backfill_failures_total",
                "Attempts to do so that failed.",
                backfillFailures);
        counter(out, "muster_upness_files_shipped_total", "Files put into the store.", shipped);
        gauge(out, "muster_upness_log_bytes", "Size of the log.", sizeBytes.get());
        gauge(out, "muster_upness_log_segments", "Files of the log.", segments.get());
    }

    private static void counter(ExpositionWriter out, String name, String help, LongAdder value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value.sum());
    }

    private static void gauge(ExpositionWriter out, String name, String help, long value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }
}
