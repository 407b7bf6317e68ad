package dev.muster.agent.intake;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// Meters of samples pushed. Thread-safe.
final class IntakeMetrics {
    private static final IntakeFault[] FAULTS = IntakeFault.values();

    private final AtomicLongArray refused = new AtomicLongArray(FAULTS.length);
    private final LongAdder samples = new LongAdder();
    private final LongAdder histograms = new LongAdder();
    private final LongAdder exemplars = new LongAdder();
    private final LongAdder folded = new LongAdder();
    final LongAdder commits = new LongAdder();
    final LongAdder commitFailures = new LongAdder();
    final LongAdder shared = new LongAdder();
    final LongAdder busy = new LongAdder();
    final LongAdder nanos = new LongAdder();

    void count(IntakeReceipt receipt) {
        samples.add(receipt.samples());
        histograms.add(receipt.histograms());
        exemplars.add(receipt.exemplars());
        folded.add(receipt.folded());
        receipt.refusedBy().forEach((fault, count) -> refused.addAndGet(fault.ordinal(), count));
    }

    /// @param origins that have a clock of their own
    /// @param open of them with an open appender
    void write(ExpositionWriter out, int origins, int open, int limit) {
        counter(out, "muster_intake_samples_total", "Pushed numbers stored.", samples);
        counter(
                out,
                "muster_intake_histograms_total",
                "Pushed native histograms stored.",
                histograms);
        counter(out, "muster_intake_exemplars_total", "Pushed exemplars taken.", exemplars);
        counter(
                out,
                "muster_intake_samples_folded_total",
                "Pushed samples of new series beyond the memory budget, counted and not stored.",
                folded);
        String name = "muster_intake_samples_refused_total";
        out.family(name, MetricType.COUNTER, "Pushed samples that were not stored, by reason.");
        for (IntakeFault fault : FAULTS) {
            out.sample(name, "reason", fault.label(), refused.get(fault.ordinal()));
        }
        counter(out, "muster_intake_commits_total", "Commits of pushed samples.", commits);
        counter(
                out,
                "muster_intake_commit_failures_total",
                "Commits of pushed samples that failed, which was told to who pushed.",
                commitFailures);
        counter(
                out,
                "muster_intake_busy_total",
                "Pushes that the thread that appends did not come to in time.",
                busy);
        out.family(
                        "muster_intake_seconds_total",
                        MetricType.COUNTER,
                        "Time of the thread that appends spent on pushed samples.")
                .sample("muster_intake_seconds_total", nanos.sum() / 1e9);
        gauge(out, "muster_intake_origins", "Origins of pushes that are remembered.", origins);
        gauge(out, "muster_intake_origins_open", "Those with an open appender.", open);
        gauge(out, "muster_intake_origins_limit", "Most of them; others share one.", limit);
        counter(
                out,
                "muster_intake_origins_shared_total",
                "Groups of samples whose origin was one too many and shares a clock.",
                shared);
    }

    private static void gauge(ExpositionWriter out, String name, String help, int value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }

    private static void counter(ExpositionWriter out, String name, String help, LongAdder value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value.sum());
    }
}
