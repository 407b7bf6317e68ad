package dev.muster.agent.scrape.job;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/// Meters of discoveries by kind. Thread-safe.
public final class DiscoveryMetrics {
    /// Counters of one kind.
    private record Counters(LongAdder refreshes, LongAdder failures, LongAdder overLimit) {}

    /// What all discoveries of one kind know together.
    private record Sums(int discoveries, int failing, long targets, long updatedMs) {
        private static final Sums ZERO = new Sums(0, 0, 0, 0);

        Sums with(DiscoveryState state) {
            long count = 0;
            for (TargetGroup group : state.groups()) {
                count += group.targets().size();
            }
            return new Sums(
                    discoveries + 1,
                    failing + (state.error().isEmpty() ? 0 : 1),
                    targets + count,
                    Math.max(updatedMs, state.updatedMs()));
        }
    }

    private final Map<String, Counters> counters = new ConcurrentSkipListMap<>();

    /// A discovery asked and was answered.
    public void refreshed(String kind) {
        of(kind).refreshes.increment();
    }

    /// A discovery asked and was not answered as it must be.
    public void failed(String kind) {
        of(kind).failures.increment();
    }

    /// An answer was refused because it holds too much.
    public void overLimit(String kind) {
        of(kind).overLimit.increment();
    }

    private Counters of(String kind) {
        return counters.computeIfAbsent(
                kind, _ -> new Counters(new LongAdder(), new LongAdder(), new LongAdder()));
    }

    /// Writes the counters, and what the open discoveries know.
    public void write(ExpositionWriter out, Iterable<Discovery> open) {
        Map<String, Sums> sums = new TreeMap<>();
        for (Discovery discovery : open) {
            sums.merge(
                    discovery.kind(),
                    Sums.ZERO.with(discovery.state()),
                    (a, _) -> a.with(discovery.state()));
        }
        gauge(out, "muster_discovery_open", "Discoveries.", sums, Sums::discoveries);
        gauge(
                out,
                "muster_discovery_failing",
                "Discoveries whose last attempt failed; they keep their last targets.",
                sums,
                Sums::failing);
        gauge(
                out,
                "muster_discovery_targets",
                "Targets found, before relabelling.",
                sums,
                Sums::targets);
        gauge(
                out,
                "muster_discovery_last_success_timestamp_seconds",
                "When a discovery last had an answer, Unix time.",
                sums,
                sum -> sum.updatedMs() / 1e3);
        counter(
                out,
                "muster_discovery_refreshes_total",
                "Answers that discoveries had.",
                Counters::refreshes);
        counter(
                out,
                "muster_discovery_failures_total",
                "Attempts of discoveries that failed.",
                Counters::failures);
        counter(
                out,
                "muster_discovery_over_limit_total",
                "Answers refused because they hold too much.",
                Counters::overLimit);
    }

    private static void gauge(
            ExpositionWriter out,
            String name,
            String help,
            Map<String, Sums> sums,
            Function<Sums, Number> value) {
        out.family(name, MetricType.GAUGE, help);
        sums.forEach((kind, sum) -> out.sample(name, "kind", kind, value.apply(sum).doubleValue()));
    }

    private void counter(
            ExpositionWriter out, String name, String help, Function<Counters, LongAdder> value) {
        out.family(name, MetricType.COUNTER, help);
        counters.forEach((kind, of) -> out.sample(name, "kind", kind, value.apply(of).sum()));
    }
}
