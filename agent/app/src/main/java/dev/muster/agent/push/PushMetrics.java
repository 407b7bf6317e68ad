package dev.muster.agent.push;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.journal.Journal;
import dev.muster.model.sample.MetricType;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Meters of pushed groups.
final class PushMetrics {
    final LongAdder replaced = new LongAdder();
    final LongAdder merged = new LongAdder();
    final LongAdder deleted = new LongAdder();
    final LongAdder expired = new LongAdder();
    final LongAdder wiped = new LongAdder();
    final LongAdder compactions = new LongAdder();
    final LongAdder compactionFailures = new LongAdder();
    private final LongAdder other = new LongAdder();
    private final Map<PushFault, LongAdder> refused = new EnumMap<>(PushFault.class);

    PushMetrics() {
        for (PushFault fault : PushFault.values()) {
            refused.put(fault, new LongAdder());
        }
    }

    void refused(PushFault fault) {
        refused.getOrDefault(fault, other).increment();
    }

    void write(ExpositionWriter out, int groups, long bytes, Journal journal) {
        gauge(out, "muster_push_groups", "Groups of pushed metrics that are held.", groups);
        gauge(out, "muster_push_held_bytes", "Size of all groups together.", bytes);
        gauge(out, "muster_push_log_bytes", "Size of the log of groups.", journal.sizeBytes());
        out.family(
                        "muster_push_changes_total",
                        MetricType.COUNTER,
                        "Changes of groups, by what was done.")
                .sample("muster_push_changes_total", "change", "replace", replaced.sum())
                .sample("muster_push_changes_total", "change", "merge", merged.sum())
                .sample("muster_push_changes_total", "change", "delete", deleted.sum())
                .sample("muster_push_changes_total", "change", "expire", expired.sum())
                .sample("muster_push_changes_total", "change", "wipe", wiped.sum());
        out.family(
                "muster_push_groups_refused_total",
                MetricType.COUNTER,
                "Pushes to groups that were refused, by the reason.");
        refused.forEach((fault, count) ->
                out.sample(
                        "muster_push_groups_refused_total",
                        "reason",
                        fault.name().toLowerCase(Locale.ROOT),
                        count.sum()));
        counter(
                out,
                "muster_push_log_compactions_total",
                "Times the log of groups was written anew.",
                compactions.sum());
        counter(
                out,
                "muster_push_log_compaction_failures_total",
                "Times that failed; the old log then goes on.",
                compactionFailures.sum());
        counter(
                out,
                "muster_push_log_records_lost_total",
                "Records of the log that were damaged when it was read back.",
                journal.found().skipped() + (journal.found().lostBytes() > 0 ? 1 : 0));
    }

    private static void gauge(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }

    private static void counter(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value);
    }
}
